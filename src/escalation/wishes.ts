/** Does the customer ask for a person? A score from 0 to 1, and the words that say so. */
import { findPhrases, phraseBook } from './phrases.ts'
import type { Words } from './words.ts'

export interface Wish {
  /** 0 to 1: from 0.8 clear, from 0.5 vague. */
  readonly score: number
  readonly evidence: readonly string[]
}

const clear = phraseBook(
  [
    0.95,
    `
speak|talk|chat|speaking|talking|chatting to|with ... human|humans|person|people|agent|representative|rep|operator|advisor|adviser|advocate|manager|supervisor|specialist|staff|employee|consultant
speak|talk|chat directly|live ... human|person|agent|representative
connect|transfer|put|forward|pass|escalate|hand|redirect|switch me|us|this|it ... human|person|agent|representative|rep|operator|advisor|adviser|manager|supervisor|specialist|someone|somebody
get|give|find|send|bring me|us ... human|representative|operator|supervisor|agent
want|need|prefer|demand|like|require a|an|the|to|real|live|actual ... human|representative|supervisor
want|need|prefer|demand|like|require a|an|the|real|live|actual|human agent|operator|advisor|adviser
real|live|actual person|human|agent|representative|operator|support|advisor|adviser|rep
representative|human|operator|agent please|now
human agent|representative|operator|advisor|adviser|support|contact
human|agent|representative|operator agent|takeover|handoff|handover
mit|zu ... mensch*|mitarbeiter*|berater*|agent|agenten|kollege*|kollegin*|ansprechpartner*|sachbearbeiter*|kundenbetreuer*|vorgesetzte* ... sprechen|reden|chatten|verbinden|verbunden|telefonieren|schreiben|weiterleiten
sprechen|reden|spreche|rede|chatten ... mit ... mensch*|mitarbeiter*|berater*|agent|agenten|ansprechpartner*|vorgesetzte*
verbinde*|leite*|weiterleite* mich|uns|sie ... mensch*|mitarbeiter*|berater*|agent|agenten|jemand*|ansprechpartner*
echte*|richtige*|menschliche*|lebende* mensch*|mitarbeiter*|berater*|person|ansprechpartner*|agenten
mochte|moechte|will|brauche|verlange|wunsche ... mitarbeiter*|menschen|berater*|ansprechpartner*|sachbearbeiter*
mitarbeiter*|berater*|mensch bitte
parler|discuter|echanger|communiquer|parle|discute a|avec|au|aux ... humain|humaine|personne|conseiller|conseillere|agent|quelqu|operateur|operatrice|responsable|employe|technicien|superieur
mettez|mettre|passez|passer|transferez|transferer|transfere|connectez|redirigez ... conseiller|conseillere|humain|agent|operateur|quelqu|responsable
veux|voudrais|souhaite|besoin|exige|demande|prefere ... humain|conseiller|conseillere|operateur|agent|responsable
vrai|vraie|veritable personne|humain|conseiller|conseillere|agent|etre
conseiller|conseillere|humain|agent|operateur svp|s|stp|please
hablar|conversar|chatear|comunicar*|comuniqu*|contactar|platicar con|a ... persona|humano|humana|agente|alguien|representante|operador|operadora|asesor|asesora|encargado|supervisor|ejecutivo|gerente
paseme|pasame|pase|pasar*|transfier*|transferir*|conect*|comuniqu* ... persona|humano|agente|representante|operador|operadora|asesor|asesora|supervisor|alguien
quiero|necesito|prefiero|exijo|deseo ... humano|agente|representante|operador|operadora|asesor|asesora|supervisor
persona|agente|operador|asesor real|humana|humano
agente|representante|humano|operador|asesor por favor
falar|conversar com ... pessoa|humano|humana|atendente|alguem|agente|operador|operadora|representante|gerente|supervisor|especialista
transfer*|passa|passe|passar|conect* ... pessoa|humano|atendente|alguem|agente|operador|representante|supervisor
quero|preciso|prefiro|exijo|gostaria ... atendente|humano|agente|operador|representante|supervisor
pessoa|atendente|agente real|humano|humana|verdade
atendente|representante|humano|operador|agente por favor
التحدث|التكلم|الحديث|الكلام|التواصل|أتحدث|أتكلم|أتواصل|نتحدث|تحدث|التحدّث إلى|مع ... شخص|شخصا|موظف|موظفا|موظفة|إنسان|إنسانا|بشر|ممثل|مندوب|مسؤول|مدير|أحد
حولني|حولوني|أوصلني|أوصلوني|وصلني|وصلوني|صلني إلى|مع|على ... شخص|شخصا|موظف|موظفا|موظفة|إنسان|إنسانا|بشر|ممثل|مندوب|مسؤول|مدير|أحد
حولني|حولوني|أوصلني|أوصلوني|وصلني|وصلوني|صلني بشخص|بموظف|بموظفة|بإنسان|بممثل|بمندوب|بمسؤول|بمدير|بأحد
أريد|أود|أحتاج|أفضل|نريد|أطلب موظف|موظفا|موظفة|ممثل|مندوب|مسؤول
أريد|أود|أحتاج|أفضل|نريد|أطلب شخص|شخصا|إنسان|إنسانا حقيقي|حقيقيا|بشري|بشريا
موظف|موظفة|شخص|إنسان|ممثل|مندوب حقيقي|بشري
موظف|موظفة|إنسان|ممثل|مندوب من فضلك|فضلكم
موظف|موظفة|إنسان|ممثل|مندوب رجاء
`,
  ],
  [
    0.85,
    `
speak|talk|chat|speaking|talking|chatting to|with ... someone|somebody
speak|talk|connect|transfer|get|want|need|put ... customer service|support|care|representative|services
someone|somebody|agent|representative|human call|calls|contact|contacts|ring|phone me|us
human|person|agent instead|not of|a
human|person|agent not a|an|the bot|robot|machine|computer
mit jemandem|jemanden|jemand ... sprechen|reden|chatten|verbinden|telefonieren
sprechen|reden|spreche ... mit jemandem|jemanden|jemand
sprechen|verbinden|verbinde*|reden ... kundenservice|kundendienst|hotline|support
rufen sie|jemand mich an|zuruck
parler|joindre|contacter ... service client|clients|apres
atencion al cliente
التحدث|التواصل|أتحدث|أتواصل|حولني|أوصلني|وصلني إلى|مع|الى ... خدمة العملاء|الزبائن
`,
  ],
)

/** Said to find out, or to say no: a clear phrase in such a sentence is none. */
const asking = phraseBook([
  1,
  `
are|r|is you|u|this|it ... human|person|bot|robot|real|agent|being|live
you|youre|u are? ... a|an real|live|human|actual|bot|robot|person
be|like|youre a? real|live|human|actual person|human|agent
am i speaking|talking|chatting ... human|person|agent|bot|robot|someone|real|live
bist|sind du|sie ... mensch|bot|roboter|mensch|person|echt|mitarbeiter*
spreche|rede|chatte ich ... mensch*|bot|roboter|person|mitarbeiter*
es|etes tu|vous ... humain|humaine|robot|bot|personne
parle|discute je|t ... humain|robot|personne|conseiller
est ce que je parle ... humain|robot|personne
eres|es|estoy un|una|usted|hablando ... humano|humana|persona|robot|bot|agente
voce|vc e ... humano|humana|pessoa|robo|bot
estou falando ... humano|pessoa|robo|bot|atendente
هل أنت|أنتم ... إنسان|شخص|روبوت|بوت|آلي|حقيقي
هل أتحدث|أتكلم ... إنسان|شخص|روبوت|بوت|موظف
`,
])

/** Before a phrase, in the same clause. */
const refusals = new Set(
  `dont not no never without wont didnt rather nicht kein keine keinen ohne nie pas sans jamais ne sin nunca nao nem sem لا لست ليس لن لم بدون`.split(
    ' ',
  ),
)
/** Between the words of a phrase: "möchte nicht mit einem Mitarbeiter". English `not` may stand there otherwise: "a human, not a bot". */
const refusalsWithin = new Set('nicht kein keine keinen pas'.split(' '))
/** "Why can I not talk to a human?" is a wish. */
const whys = new Set('why warum wieso pourquoi porque'.split(' '))
const refusalReach = 4

/** Whole messages of one vague word, with a greeting or a please around it. */
const vague: Readonly<Record<string, number>> = {
  representative: 0.9,
  human: 0.85,
  humano: 0.85,
  humain: 0.85,
  mensch: 0.8,
  operator: 0.8,
  atendente: 0.85,
  conseiller: 0.8,
  mitarbeiter: 0.8,
  asesor: 0.8,
  agent: 0.7,
  agente: 0.7,
  person: 0.7,
  persona: 0.7,
  pessoa: 0.7,
  personne: 0.6,
  advisor: 0.7,
  berater: 0.7,
  kundenservice: 0.65,
  kundendienst: 0.65,
  service: 0.6,
  support: 0.6,
  soporte: 0.6,
  suporte: 0.6,
  assistance: 0.6,
  assistenz: 0.6,
  someone: 0.6,
  help: 0.55,
  hilfe: 0.55,
  aide: 0.55,
  ayuda: 0.55,
  ajuda: 0.55,
  انسان: 0.85,
  ممثل: 0.8,
  مندوب: 0.8,
  موظف: 0.75,
  شخص: 0.7,
  دعم: 0.6,
  الدعم: 0.6,
  مساعدة: 0.55,
  المساعدة: 0.55,
}
const aroundVague = new Set(
  `please pls hi hello hey a an the now real live customer me my i want need to get some just bitte hallo ein einen einem eine ich brauche
  will hi bonjour svp s il vous te plait un une le la je veux besoin d de hola por favor una quiero necesito ola um uma quero preciso
  yes ok ja oui si sim من فضلك رجاء اريد احتاج الى مرحبا السلام عليكم نعم لو سمحت`.split(/\s+/),
)
const vagueWords = 6

export function findWish(words: Words): Wish {
  const questions = findPhrases(asking, words)
  const wishes = findPhrases(clear, words).map((found) => {
    const asked = questions.some((question) => words.sentences[question.from] === words.sentences[found.from])
    const score = asked ? 0.2 : isRefused(words, found.from, found.to) ? 0.1 : found.weight
    return { score, evidence: [found.quote] }
  })
  const best = wishes.reduce<Wish>((a, b) => (b.score > a.score ? b : a), { score: 0, evidence: [] })
  return wishes.length > 0 || questions.length > 0 ? best : findVague(words)
}

function isRefused(words: Words, from: number, to: number): boolean {
  for (let i = from - 1; i >= 0 && words.clauses[i] === words.clauses[from]; i--) {
    if (whys.has(words.list[i]!)) return false
  }
  if (words.list.slice(from, to).some((word) => refusalsWithin.has(word))) return true
  for (let i = from - 1; i >= from - refusalReach && i >= 0 && words.clauses[i] === words.clauses[from]; i--) {
    if (refusals.has(words.list[i]!)) return true
  }
  return false
}

function findVague(words: Words): Wish {
  if (words.list.length > vagueWords) return { score: 0, evidence: [] }
  const rest = words.list.filter((word) => !aroundVague.has(word))
  const scores = rest.map((word) => (Object.hasOwn(vague, word) ? vague[word]! : 0))
  if (scores.length === 0 || scores.includes(0)) return { score: 0, evidence: [] }
  return { score: Math.max(...scores), evidence: [words.text.trim()] }
}
