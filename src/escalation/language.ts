/** Which language a message is in, by its small words. A guess for choosing word lists, no more. */
import { fold, type Words } from './words.ts'

export const spoken = ['en', 'de', 'fr', 'es', 'pt', 'ar'] as const
export type Spoken = (typeof spoken)[number]

export const smallWords: Record<Spoken, ReadonlySet<string>> = {
  en: list(`the a an and or but of to in on at for with from by is are was were be been am i im ive id you your my me we our us it its
    this that these those there here he she they them his her their what which who when where how why do does did dont didnt doesnt
    have has had not no can could cant will would wont should please just still any some if as about into than then so up out`),
  de: list(`der die das den dem des ein eine einen einem einer und oder aber ich du sie er es wir ihr mich mir mein meine meinen meiner
    ihre ihren ihnen sich ist sind war waren bin habe hab hat haben hatte nicht kein keine keinen mit von zu zum zur bei auf aus fur
    fuer im am um nach uber ueber kann konnen koennen mochte moechte will wird werden wurde warum wie was wann wo wer bitte noch schon
    auch nur wenn dass weil immer`),
  fr: list(`le la les un une des du de et ou mais je j tu il elle on nous vous ils elles me m mon ma mes votre vos notre ce c cette ces
    est suis sont ai a avez avons ont etait ne n pas plus que qu qui quoi quand comment pourquoi avec pour par dans sur au aux en y
    peux pouvez voudrais veux faire fait s se si tres encore toujours`),
  es: list(`el la los las un una unos unas y o pero de del al a en con por para yo tu usted ustedes el ella nosotros me mi mis su sus se
    es son soy estoy esta estan he ha han no que quien cual cuando como donde porque lo le les quiero puedo puede muy mas ya hay
    necesito este esto eso esa todavia nada`),
  pt: list(`o a os as um uma uns umas e ou mas de do da dos das no na nos nas em com por para pelo pela eu voce voces ele ela nos me meu
    minha meus minhas seu sua se e sao sou estou esta estao foi tem tenho nao que quem qual quando como onde porque isso isto quero
    posso pode muito mais ja ainda preciso ao`),
  ar: list(`من في على إلى عن هل ما ماذا لماذا متى أين كيف أنا أنت أنتم هو هي نحن هذا هذه ذلك تلك لا لم لن ليس قد لقد كان كل أي مع أو
    ثم لكن بعد قبل منذ عند أريد لدي عندي يمكن يمكنني هناك الذي التي أن إن لي لكم لك يا نعم فقط أيضا جدا`),
}

/** The language with most small words in the message; `otherwise` when none is ahead. */
export function guessLanguage(words: Words, otherwise: string): string {
  let best = otherwise
  let most = 0
  for (const language of spoken) {
    let count = 0
    for (const word of words.list) if (smallWords[language].has(word)) count++
    if (count > most || (count === most && count > 0 && language === otherwise)) {
      most = count
      best = language
    }
  }
  return best
}

/** `pt` of `pt-BR`. */
export const primary = (tag: string): string => tag.slice(0, tag.search(/[-_]|$/)).toLowerCase()

function list(words: string): ReadonlySet<string> {
  return new Set(words.split(/\s+/).map(fold))
}
