"""A suspicion that ended must not come up when suspects are searched for.

Förordning (2018:1942) 3 §: a search under 3 kap. 5 § lagen (2018:1693) must not bring up that somebody was suspected of
an offence once a court, by a decision that has gained legal force (laga kraft), has

1. dismissed the charge (ogillat åtalet),
2. acquitted (meddelat frikännande dom), or
3. struck out the case after the prosecution was discontinued (avskrivit målet sedan åtalet lagts ner).

Read in rkrattsbaser.gov.se as amended until SFS 2022:1724; counsel must check what applies today.
"""

from __future__ import annotations

from typing import Literal, get_args

Ending = Literal["charge_dismissed", "acquitted", "prosecution_discontinued"]
ENDINGS: tuple[Ending, ...] = get_args(Ending)

Statement = Literal["charge_dismissed", "acquitted", "prosecution_discontinued", "reopened"]
"""What a court says of a suspicion; ``reopened`` takes an ending back (resning: a new trial)."""
STATEMENTS: tuple[Statement, ...] = get_args(Statement)
