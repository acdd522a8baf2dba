/** What customers write: about 200 characters that mean nothing to any criterion, never the same twice. The first word is the id. */

const things = (
  'parcel order jacket lamp chair receipt colour size street delivery carpet kettle basket garden window blanket ' +
  'bottle button camera candle drawer engine folder guitar hammer helmet island jumper ladder magnet mirror needle'
).split(' ')
const doings =
  'arrives fits opens closes stands turns folds hangs lies moves rests starts weighs belongs remains'.split(' ')
const days = 'today tomorrow on Monday on Tuesday on Wednesday on Thursday on Friday next week in May in June'.split(
  ' ',
)

const wantedLength = 200

/** The same seed writes the same words. */
export function writer(seed: number): (id: string) => string {
  let state = seed >>> 0 || 1
  const pick = (words: readonly string[]): string => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return words[(state >>> 8) % words.length]!
  }
  return (id) => {
    let said = id
    while (said.length < wantedLength)
      said += ` the ${pick(things)} ${pick(doings)} by the ${pick(things)} ${pick(days)},`
    return said
  }
}

export function idOf(said: string): string {
  const end = said.indexOf(' ')
  return end < 0 ? said : said.slice(0, end)
}

/** Begins the words with which a conversation is brought to an agent. */
export const wantsAgent = 'agent-'
