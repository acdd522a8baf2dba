/** Every text of a round is said once and names its conversation, so that the ledger can tell loss, copies and wrong addresses. */
export const joined = 'JOINED'
export const ended = 'ENDED'

/** What the hub itself says in the suite, where the ledger has to know it. */
export const sentences = { joined, joinedNoName: joined, transferred: joined, ended, returned: ended }

export const saidBy = (conversation: string, n: number, words: string): string =>
  `${conversation} customer ${n} ${words}`

export const conversationIn = (text: string): string => text.slice(0, text.indexOf(' '))

export const humanWish = 'human'
export const goodbye = 'goodbye'
export const wantsHuman = (text: string): boolean => text.endsWith(` ${humanWish}`)
export const isGoodbye = (text: string): boolean => text.endsWith(` ${goodbye}`)
