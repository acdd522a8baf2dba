/** What no bot may handle: danger to somebody, the law, a leak of data, a medical emergency, a need for accessible help. */
import { findPhrases, phraseBook } from './phrases.ts'
import type { Words } from './words.ts'

export const hazards = [
  'self-harm',
  'threat',
  'legal action',
  'data breach',
  'medical emergency',
  'accessibility need',
] as const
export type Hazard = (typeof hazards)[number]

/** The weight of a phrase is its hazard's place in `hazards`, from 1. */
const phrases = phraseBook(
  [
    1,
    `
kill|hurt|harm|cut|hang myself
killing|hurting|harming|cutting|hanging myself
want|wanna|going|ready to? die
want|wanted|going|ready to die
wanna die
end my|it life|all
commit|committing suicide
suicidal
thinking|thoughts of|about suicide
no reason to live
better off dead
nicht mehr leben
will|mochte|moechte sterben
mich um|umbringen|umzubringen|toten umbringen|bringen
mich umbringen|umzubringen|toten
bringe mich um
selbstmord|suizid begehen|gedanken|machen
selbstmordgedanken|suizidgedanken
me suicider|tuer
envie de mourir
veux|vais|voudrais mourir
quiero|voy a? morir|morirme|matarme|suicidarme
voy a matarme|suicidarme|morir
quitarme la vida
quero|vou morrer|suicidar
me matar
tirar a minha|propria vida
أقتل|أؤذي|سأقتل|سأؤذي|قتل|إيذاء نفسي
أنتحر|سأنتحر|انتحاري
أفكر في|ب الانتحار
بالانتحار
أريد|أتمنى الموت
أريد|أتمنى أن أموت
لا أريد العيش|الحياة
أنهي|سأنهي|إنهاء حياتي
`,
  ],
  [
    2,
    `
kill|shoot|stab|murder|hurt|beat you|him|her|them|everyone|somebody|someone|yall
have|planted|plant|place|put|build a bomb
bomb threat
going|gonna|will ... find|hunt you ... where|home|down
know where you live
burn|blow ... office|building|store|shop|branch ... down|up
burn|blow down|up the|your|this office|building|store|shop|branch
bringe|bringen|mache|steche dich|euch|sie um|kalt|ab
bombe gelegt|platziert|hochgehen
bombendrohung
weiss wo du|ihr|sie wohnst|wohnt|wohnen
vais vous|te|le|la tuer
alerte a la bombe
sais ou tu|vous habites|habitez
voy a matarte|matarlo|matarlos|matar
amenaza de bomba
se donde vives|viven
vou te|matar matar|voce
ameaca de bomba
sei onde voce mora
سأقتلك|سأقتلكم|سأقتله|سأقتلها|سأقتلهم|سأذبحك|سأذبحكم|سأطعنك
سوف أقتلك|أقتلكم|أقتله|أقتلها|أقتلهم|أذبحكم
زرعت|وضعت|زرعنا قنبلة
تهديد بقنبلة
أعرف أين تسكن|تسكنون|تعيش|تعيشون
سأحرق|سأفجر|أحرق|أفجر المكتب|المتجر|المحل|الفرع|المبنى|مكتبكم|متجركم|محلكم
`,
  ],
  [
    3,
    `
my|our|a lawyer|attorney|solicitor will|is|has|contact|contacted|to
contact|contacting|call|calling|get|hire|hiring|speak my|a|our|to lawyer|attorney|solicitor
contact|call|consult|hire|involve|see my|a|our lawyer|attorney|solicitor
sue|suing you|your|the|this company|business|bank|hotel|you|for
sue you
suing you
legal action|steps|proceedings|department
take you|this to court
see you in court
file|filing|filed a lawsuit
small claims court
lawsuit against
report you to the? police|authorities|regulator|ombudsman
ombudsman|ombudsperson
mein|unser|meinen|unseren|einen anwalt|rechtsanwalt
meinem|unserem anwalt|rechtsanwalt
anwalt einschalten|nehmen|kontaktieren
rechtliche|juristische schritte
verklage|verklagen sie|euch|dich|ihre|die
anzeige erstatten
verbraucherzentrale
mon|notre avocat
action|actions|poursuites en justice|judiciaire|judiciaires
porter|porte|depose|deposer plainte
vous poursuivre|attaquer en justice
mi|nuestro|un abogado
acciones|accion legales|legal
voy|vamos a demandar*
los|te|le|les voy a demandar
meu|nosso|um advogado
acao|medidas judicial|judiciais|legais
vou|vamos processar
procon
محامي|محاميي|محام|محاميا|محاميتي
سأقاضيكم|سأقاضيك|أقاضيكم|مقاضاتكم|مقاضاة
إجراءات|خطوات|الإجراءات قانونية|قضائية|القانونية|القضائية
أرفع|سأرفع|رفع|رفعت دعوى|قضية
أرفع|سأرفع|رفع|رفعت شكوى قضائية
أراكم|نلتقي|سأراكم في المحكمة
إلى المحكمة|القضاء
حماية المستهلك
`,
  ],
  [
    4,
    `
data|privacy|security breach|leak
data|details|information was|were|been|got leaked|exposed
account|profile|email|password was|is|has|got|been ... hacked|compromised|taken
someone|somebody ... hacked|accessed|using|used|into my|our account|profile|data|identity
someone|somebody hacked|accessed|stole my|our|into account|profile|data|identity|my
someone|somebody has|got access to my account
identity theft
stole|stolen my|an|our identity
see|seeing|received|got ... another|other|someone|somebody customer|customers|person|persons|elses|else ... data|details|account|information
datenleck|datenpanne|datenschutzverletzung|datenschutzverstoss
konto|account|daten wurde|wurden|ist|sind gehackt|geleakt|gestohlen
identitatsdiebstahl
fuite|violation de|des donnees
compte a ete|est pirate|piratee|hacke
usurpation d identite
filtracion|fuga|violacion de|datos datos
cuenta fue|ha|esta sido? hackeada|pirateada|comprometida
hackearon mi cuenta
robo de identidad
vazamento|violacao de dados
conta foi|esta hackeada|invadida|comprometida
hackearam|invadiram minha conta
roubo de identidade
تسريب|تسرب|اختراق البيانات|بياناتي|حسابي|الحساب|معلوماتي|للبيانات
تم اختراق|تسريب ... حسابي|بياناتي|الحساب|معلوماتي
حسابي مخترق|اخترق|تهكر
اخترق|اخترقوا حسابي|بياناتي
سرقة|انتحال الهوية|هوية|هويتي|شخصيتي
`,
  ],
  [
    5,
    `
heart attack
chest pain|pains
cant|cannot breathe
can not breathe
overdose*
took too many pills
medical emergency
need|call|send ... ambulance
having a stroke|seizure
bleeding heavily|badly|profusely|out
is|am|im unconscious
severe|serious allergic reaction
herzinfarkt
schlaganfall
keine luft mehr
bekomme keine luft
medizinischer notfall
brauche|rufen ... krankenwagen|notarzt|rettungswagen
bewusstlos
uberdosis
crise cardiaque
infarctus
urgence medicale
peux plus|pas respirer
besoin|appelez ... ambulance|samu
infarto|ataque cardiaco
emergencia medica
no puedo respirar
necesito|llamen|llame ... ambulancia
sobredosis
ataque cardiaco
nao consigo respirar
preciso|chamem|chame ... ambulancia
overdose
نوبة|جلطة|سكتة قلبية|دماغية
ألم|آلام في الصدر|صدري
لا أستطيع|يستطيع|تستطيع التنفس
لا أقدر أتنفس
حالة|طارئ طبية? طارئة|طبي
أحتاج|نحتاج|اطلب|اطلبوا|اتصلوا ... إسعاف|الإسعاف|بالإسعاف
فاقد|فاقدة الوعي
جرعة زائدة
`,
  ],
  [
    6,
    `
i am|m blind|deaf|deafblind|dyslexic
im blind|deaf|deafblind|dyslexic
visually|hearing|vision|sight impaired|impairment
hard of hearing
screen reader|readers
cannot|cant|unable see|read|hear|use|to ... screen|chat|text|letters|page|widget
sign language
ich bin blind|gehorlos|sehbehindert|schwerhorig|taub
screenreader|vorleseprogramm|gebardensprache
sehbehindert*|schwerhorig*|gehorlos*
suis aveugle|sourd|sourde|malvoyant|malvoyante|malentendant|malentendante
lecteur d ecran
langue des signes
soy|estoy ciego|ciega|sordo|sorda
lector de pantalla
lengua|lenguaje de senas|signos
discapacidad visual|auditiva
sou|estou cego|cega|surdo|surda
leitor de tela
lingua de sinais
deficiencia visual|auditiva
أنا كفيف|كفيفة|أعمى|عمياء|أصم|صماء|مكفوف|مكفوفة
ضعيف|ضعيفة|ضعف|ضعاف البصر|السمع
قارئ|قارئة الشاشة|شاشة
لغة الإشارة
`,
  ],
)

export interface Danger {
  readonly hazard: Hazard
  readonly evidence: readonly string[]
}

/** The gravest hazard the message speaks of: the first in the order of `hazards`. */
export function findDanger(words: Words): Danger | undefined {
  const found = findPhrases(phrases, words)
  if (found.length === 0) return
  const gravest = Math.min(...found.map((phrase) => phrase.weight))
  const evidence = found.filter((phrase) => phrase.weight === gravest).map((phrase) => phrase.quote)
  return { hazard: hazards[gravest - 1]!, evidence: evidence.slice(0, 4) }
}
