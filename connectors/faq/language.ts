/** Which of six languages a short message is in, by the small words nobody writes without. */
import { wordsOf } from './features.ts'

const smallWords: Readonly<Record<string, ReadonlySet<string>>> = {
  en: set(
    'a an the i you he she it we they my your our me is are was were be am do does did have has had can could will would should what where when how why who which not no yes of to in on at for from with about and or but if this that there please hi hello hey thanks thank bye want need get',
  ),
  de: set(
    'der die das ein eine einen einem einer ich du er sie es wir ihr mein meine meinen meiner euer eure mir mich dir ist sind war bin bist habe hat haben hatte kann konnen wird werden wo was wann wie warum wer welche nicht nein ja kein keine von zu zum zur im am fur mit uber und oder aber wenn dies diese da bitte hallo danke tschuss mochte brauche auf den dem',
  ),
  fr: set(
    'le la les un une des je tu il elle nous vous ils mon ma mes votre vos moi est sont etait suis es ai as avez ont peux peut pouvez ou que quoi quand comment pourquoi qui quel quelle ne pas non oui de du au aux dans sur pour avec et mais si ce cette il y merci bonjour salut revoir veux besoin c j d l s qu',
  ),
  es: set(
    'el la los las un una unos yo tu usted ella nosotros mi mis su sus me es son era estoy esta estan soy tengo tiene hay puedo puede donde que cuando como por quien cual no si de del al en para con y o pero este esta gracias hola adios quiero necesito lo se',
  ),
  pt: set(
    'o a os as um uma eu voce ele ela nos meu minha meus seu sua me e sao era estou esta sou tenho tem posso pode onde que quando como por quem qual nao sim de do da dos das no na em para com mas se este esta obrigado obrigada ola oi tchau adeus quero preciso boa bom',
  ),
  ar: set(
    'من في على الى عن مع هل ما ماذا متى اين كيف كم لماذا انا انت هو هي نحن هذا هذه ذلك لا نعم لم لن ليس كان يكون ان او و اريد يمكن يمكنني عندي لي لك شكرا مرحبا اهلا السلام عليكم فضلك',
  ),
}

/** Small words say nothing of the subject: article search leaves them out. */
export const isSmallWord = (word: string): boolean => Object.values(smallWords).some((words) => words.has(word))

/** The language with the most small words; undefined when none leads. */
export function languageOf(sentence: string): string | undefined {
  const words = wordsOf(sentence)
  const counts = Object.entries(smallWords)
    .map(([language, small]) => ({ language, count: words.filter((word) => small.has(word)).length }))
    .sort((a, b) => b.count - a.count)
  const [first, second] = counts
  return first && second && first.count > second.count ? first.language : undefined
}

function set(words: string): ReadonlySet<string> {
  return new Set(words.split(' '))
}
