/** The small change of a conversation: thanks, farewells, "did this help?", "I did not understand". */
import { findPhrases, phraseBook } from './phrases.ts'
import type { Words } from './words.ts'

/** The customer has what they came for, as far as they say. */
const satisfied = phraseBook([
  1,
  `
thank|thanks|thankyou|thx|perfect|appreciate|appreciated|wonderful|excellent|awesome
great $
^ great
be all|it $
that|thats is? all|it|everything|correct|right|fine
sounds|looks|seems great|good|perfect|nice|better|fine
that|thats is|would|will? be? great|good|perfect|nice|fine
that works|helps|helped|suits
thats|that what i want|wanted|need|needed
that is|was what i want|wanted|need|needed
danke|perfekt|alles klar
das ist|war alles
merci|parfait
c est tout|parfait
gracias|perfecto
eso es todo
obrigado|obrigada|perfeito
isso e tudo
e so isso
شكرا|ممتاز|رائع
هذا كل شيء|ما أردت
👍|🙏
`,
])

/** A bot's stock sentences: hearing them twice is no loop. */
const stock = phraseBook([
  1,
  `
anything|something|what|how else
any|more|other help
welcome
thank|thanks you|for
how can|may i ... help|assist
have a ... day|one|evening|night|time|trip|weekend
goodbye|bye|enjoy
sonst noch|etwas
gern geschehen
schonen tag|abend
wie kann ich ... helfen
autre chose
de rien
bonne journee|soiree
algo mas
de nada
buen|buenos dia|dias
mais alguma|algo coisa|mais
bom dia
please confirm
`,
])

/** A bot that says it did not understand, for bots that have no other way to tell. */
const confused = phraseBook([
  1,
  `
did not quite? get|understand|catch that|you|what|your|it
didnt quite? get|understand|catch that|you|what|your|it
do not quite? understand|follow|get you|what|your|that
dont quite? understand|follow|get you|what|your|that
not sure i understand|understood|follow
not sure what you mean
having trouble understanding
could|can you please? rephrase|reword|repeat
please|try rephrase|rephrasing|reword
nicht verstanden
habe|hab ... nicht verstanden
verstehe|verstehen ... nicht
anders formulieren
umformulieren
pas compris|comprends|sur
reformuler
no entendi|entiendo|comprendo|comprendi
no he|pude entendido|entender
reformul*
nao entendi|compreendi|consegui entender?
لم أفهم|أفهمك
لا أفهم
`,
])

/** A bot that asks whether its answer was of use. */
const helpQuestions = phraseBook([
  1,
  `
did|does|has this|that|it|the|my help|helped|answer|solve|resolve|article|information
was|is this|that|it|the|my article|answer|information helpful|useful
was|is this|that|it helpful|useful|of
did|has ... answer|solve|resolve|resolved|solved ... question|problem|issue
hat das|dies|ihnen|dir|der ... geholfen|hilfreich
war das|dies|die|der ... hilfreich|geholfen
cela|ca vous|t a ... aide|utile
cette reponse ... utile|aide
te|le|les ha|fue servido|ayudado|util
fue util
isso|isto ajudou|foi ajudou|util
foi util
هل ساعدك|أفادك|ساعدتك|أفادتك
هل كان|كانت ... مفيدا|مفيدة
`,
])

/** A bot that reports something done: a goal was reached, whatever comes next. */
const done = phraseBook([
  1,
  `
reference|confirmation|booking|order|ticket number is|will
is|are|was|were|been|has|have|successfully booked|reserved|confirmed|scheduled|cancelled|canceled|refunded|updated|sent|ordered|purchased|completed|resolved
booking|reservation|order|payment|transfer|cancellation ... successful|confirmed|complete|completed
ist|sind|wurde|wurden|habe ... gebucht|reserviert|bestatigt|storniert|erstattet|versendet|bestellt|erledigt
est|sont|a|ete|avons reserve|reservee|confirme|confirmee|annule|annulee|rembourse|remboursee|envoye|envoyee|commande|commandee
esta|ha|he|sido|fue|hemos reservado|reservada|confirmado|confirmada|cancelado|cancelada|reembolsado|enviado|enviada
esta|foi|sido reservado|reservada|confirmado|confirmada|cancelado|cancelada|reembolsado|enviado|enviada|agendado|agendada
`,
])

const refusing = new Set('no nope nah not nein nicht nee non pas nao nunca لا'.split(' '))

/** What a thumb pointing down arrives as: an emoji, or the value of a button. */
const down = /^(?:👎\S{0,2}|(?:thumbs?[-_ ]?down|not[-_ ]?helpful|unhelpful|no[-_ ]?help))$/iu

export const isSatisfied = (words: Words): boolean => findPhrases(satisfied, words).length > 0
export const isConfused = (words: Words): boolean => findPhrases(confused, words).length > 0
export const asksWhetherItHelped = (words: Words): boolean => findPhrases(helpQuestions, words).length > 0
export const isDone = (words: Words): boolean => findPhrases(done, words).length > 0
export const isStock = (words: Words): boolean => findPhrases(stock, words).length > 0
export const isThumbDown = (text: string): boolean => down.test(text.trim())
/** A no at the very beginning: "No", "Not really", "nein, leider". */
export const saysNo = (words: Words): boolean => words.list.slice(0, 2).some((word) => refusing.has(word))
