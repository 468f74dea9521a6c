"""Names as they are written in Sweden: common ones with their order of frequency, and which are one name.

Small lists of our own, put together from general knowledge for made-up people and for telling a slip of the pen from
another name: *Anna* and *Hanna* differ by a letter and are two names, *Anna* and *Anja* too, *Anna* and *Amna* are
probably one. The order within a list is the order of frequency, roughly. Nothing here says where anybody is from.
"""

from __future__ import annotations

from functools import cache

WOMEN = """
anna eva maria karin kristina lena sara kerstin emma ingrid marie birgitta malin jenny inger annika ulla hanna monica
linda susanne johanna elin sofia carina elisabeth katarina margareta julia helena barbro ida amanda anita helen caroline
camilla emelie gunilla mona siv ann charlotte ebba alva maja wilma linnea agnes astrid alice olivia ella moa saga freja
klara signe vera selma elsa tuva isabella matilda josefine frida sandra therese jessica victoria rebecka felicia cecilia
anette marianne yvonne agneta berit gudrun britt solveig gun majken rut greta stina lovisa tilda tyra hilda ellen ronja
fatima amina zahra maryam aisha layla nour yasmin leila samira hiba rania noor farah sahar shirin parisa mina mahsa
hodan ayan halima khadija asha naima ifrah hawa zainab rahel selam helin rojin berfin dilan nasrin sanaz elham soraya
katarzyna agnieszka magdalena malgorzata joanna natalia oksana iryna olena svetlana tatjana ljudmila jelena milica
jasmina amra lejla emina azra paivi tiina anneli merja ritva riitta kaisa lucia carmen paola gabriela daniela andrea
renee
"""
MEN = """
lars anders johan per erik karl mikael jan peter hans lennart fredrik daniel gunnar bengt bo andreas mats alexander
magnus oscar stefan bertil sven ulf mattias jonas marcus simon martin henrik emil axel robert anton patrik filip
christoffer adam leif thomas david joakim christian sebastian viktor linus lucas william hugo elias oliver noah liam
ludvig albin edvin isak melvin theo vincent gustav arvid viggo nils olof kent roger rolf tommy kenneth jimmy tobias
rickard samuel jakob benjamin rasmus kevin niklas claes dan tony conny goran hakan ake borje sture ingemar kjell tord
mohammed ahmed ali hassan hussein omar ibrahim yusuf mahmoud khalid mustafa abdullah abdi amir reza mehdi hamid
bilal karim samir tariq walid ziad faisal nasir jamal rashid idris abukar liban farhan mehmet emre murat serkan
hasan ismail dilshad azad rebin aras dawit yonas tesfay samuel berhane piotr krzysztof andrzej tomasz marek pawel
wojciech dmitri sergej vladimir oleksandr andrij bogdan zoran goran dragan nebojsa emir adnan senad mirza jari juha
timo pekka matti antti mikko jose carlos luis diego juan miguel rene
"""
FAMILIES = """
andersson johansson karlsson nilsson eriksson larsson olsson persson svensson gustafsson pettersson jonsson jansson
hansson bengtsson jonasson petersson carlsson magnusson lindberg lindstrom lindqvist olofsson lindgren berg axelsson
bergstrom lundberg jakobsson lund lundgren berglund fredriksson sandberg henriksson forsberg sjoberg ali mohamed wallin
engstrom danielsson hakansson eklund lundin gunnarsson bjork holm bergman samuelsson fransson wikstrom isaksson ahmed
bergqvist arvidsson nystrom holmberg lofgren soderberg nyberg blomqvist claesson nordstrom martensson hassan lundstrom
eliasson palsson viklund sandstrom berggren bjorklund ibrahim nordin strom hermansson aberg ekstrom holmgren hedlund
sundberg hellstrom falk abrahamsson sjogren dahlberg martinsson ek ottosson abdi lindholm hussein mansson sundstrom
bostrom akesson stromberg mohammed blom norberg ekman hansen yilmaz nordqvist sjostrom ivarsson hedberg lindahl moller
ostlund dahl ostberg jensen osman sahlin roos nasiri ahmadi hosseini rezai karimi mohammadi rahimi haidari akbari
kaya demir celik sahin ozturk aydin arslan dogan hussain khan malik shah warsame farah jama yusuf abdullahi nur hersi
tesfaye haile gebre tekle kidane mehari kowalski nowak wisniewski wojcik kaminski lewandowski zielinski szymanski
kovalenko shevchenko bondarenko ivanov petrov popovic jovanovic nikolic hadzic begovic kovacevic hodzic delic
virtanen korhonen nieminen makinen makela hamalainen laine heikkinen koskinen garcia rodriguez martinez lopez silva
nguyen tran chen wang singh kaur saleh khalil haddad mansour nasser aziz younes hamdan saeed rashid salem
"""
HEADS = """
alm ang ask back berg bjork blom borg bratt dal ek eng fager fjall fors frid gran gren gull hag hall hammar hed hell
hjelm hog holm hult kall kron kvarn lager lilje lind ljung lund lov marker mork nord ny ost palm quist ren ros rud
ryd sand sjo skog snell sol sten stor strand strom sund svan sved tall torn vall ved vest vik aker ahl oster
"""
TAILS = "berg strom qvist gren lund man stedt ell in vall holm dahl fors blad mark feldt hammar stam rot ling back sten"

# One person's name in several coats: short forms, spellings, ways of transliterating. Only what is used for the same
# person in one document or another; names that merely have one origin (Johan, Ivan, Juan) are not here.
ONE_NAME = """
karl carl kalle calle
erik eric jerker
johan johannes jojje
anders andreas adde
lars lasse lorens
per pelle par
mikael micael michael micke mickael
jan janne
peter petter petrus
fredrik fredrick frederik figge
alexander aleksander alex
magnus mange
oscar oskar
stefan staffan steffe
matthias mattias mathias matte
marcus markus macke
robert robban robin
patrik patrick patric
filip philip phillip
christoffer kristoffer christopher kristofer
thomas tomas tompa tommy
david dawit davud
joakim joacim jocke kim
christian kristian krille
sebastian sebbe
viktor victor vicke
lucas lukas luka
gustav gustaf gurra
rickard richard rikard ricky
jakob jacob jacke
niklas niclas nicklas nicke
claes klas clas
daniel danne
bengt benke
gunnar gurkan
hans hasse
olof olle ola olav
ulf uffe
sven svenne
nils nisse niels
henrik henke henrick
samuel sami samuli
elias elyas
isak isaac isaak
kenneth kenta kent
jonas yonas
anna annie anne
maria marie mia maja
kristina christina stina kicki
katarina catarina katarzyna katharina kattis
elisabeth elisabet lisbet lisa bettan
margareta margaretha margaretta greta maggan
helena helene lena
helen hellen
sofia sofie sophia sophie fia
susanne susanna sanna susann
karin carin kajsa
carina karina
caroline karolina carolina
charlotte charlotta lotta
birgitta birgit gittan britta
jenny jennie
josefine josefin josephine
emelie emilie emily
therese terese theres tess
rebecka rebecca becka
victoria viktoria vicky
cecilia cissi cia
gunilla nilla
anette annette anetta
camilla kamilla millan
monica monika
linnea linea
wilma vilma
matilda mathilda tilda
isabella isabelle bella
mohammed muhammad mohamed mohammad mohamad muhammed muhamed mohamud
ahmed ahmad achmed
hussein hossein hussain husein huseyin
hassan hasan hasaan
yusuf youssef yousef yousif yosef
ibrahim ebrahim brahim
mustafa mostafa moustafa
mahmoud mahmud mahmood
khalid khaled kaled
omar umar omer
abdullah abdallah abdulla
reza riza
mehdi mahdi
karim kareem
tariq tarik tarek
walid waleed
faisal faysal
amina aminah aamina
fatima fatimah fatma fatemeh fadumo
zahra zahraa sahra zehra
maryam mariam meryem miriam
aisha aysha ayesha aicha ayse
layla leila laila leyla
nour noor nur
yasmin yasmine jasmin yasemin
zainab zeinab zaynab zeynep
khadija khadijah hatice
halima haleema
dmitri dmitrij dmitry dimitri
sergej sergei sergey
vladimir volodymyr
oleksandr olexandr
andrij andriy andrei andrej
svetlana svitlana
tatjana tatiana tetiana
natalia natalja nataliya
jelena elena yelena olena
iryna irina
piotr pjotr
krzysztof krzystof
"""


# Letters that the lists leave out, in whole names and in parts of family names.
WHOLE = {
    "hakan": "håkan", "ake": "åke", "goran": "göran", "borje": "börje", "jorgen": "jörgen", "renee": "renée",
    "rene": "rené", "jose": "josé", "aberg": "åberg", "akesson": "åkesson", "hakansson": "håkansson",
    "palsson": "pålsson", "mansson": "månsson", "martensson": "mårtensson", "makinen": "mäkinen",
    "hamalainen": "hämäläinen",
    "ozturk": "öztürk", "celik": "çelik", "moller": "möller", "dogan": "doğan",
}  # fmt: skip
PARTS = (
    ("strom", "ström"), ("bjork", "björk"), ("sjo", "sjö"), ("lofgren", "löfgren"), ("soder", "söder"),
    ("ostl", "östl"), ("ostb", "östb"), ("oster", "öster"), ("aker", "åker"), ("fjall", "fjäll"),
)  # fmt: skip


def written(name: str) -> str:
    """A listed name as it is written: ``Sjöström``, ``Håkan``, ``Renée``."""
    if name in WHOLE:
        return WHOLE[name].title()
    for plain, letters in PARTS:
        name = name.replace(plain, letters)
    return name.title()


@cache
def root_of() -> dict[str, str]:
    """A spelling or short form, folded, to the first of its kind."""
    return {name: line.split()[0] for line in ONE_NAME.strip().splitlines() for name in line.split()}


@cache
def known_given() -> frozenset[str]:
    """Given names that are known to be names: two of them that differ are two names, not one with a slip."""
    return frozenset(WOMEN.split()) | frozenset(MEN.split()) | frozenset(root_of())


@cache
def forms_of() -> dict[str, tuple[str, ...]]:
    """A name to every way in which it is written, itself included."""
    forms: dict[str, tuple[str, ...]] = {}
    for line in ONE_NAME.strip().splitlines():
        for name in line.split():
            forms[name] = tuple(line.split())
    return forms


@cache
def families() -> tuple[str, ...]:
    """Family names by frequency: those known, then ornamental ones made of two words (Almqvist, Askberg ...)."""
    known = FAMILIES.split()
    made = [head + tail for tail in TAILS.split() for head in HEADS.split() if head != tail]
    return tuple(dict.fromkeys([*known, *made]))


def frequencies(count: int, offset: float = 12.0) -> list[float]:
    """Shares of ``count`` names in their order: Zipf-Mandelbrot, as name registers show."""
    weights = [1.0 / (place + offset) for place in range(count)]
    total = sum(weights)
    return [weight / total for weight in weights]
