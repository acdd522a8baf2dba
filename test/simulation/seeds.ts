/** Worlds in which a promise was once broken. Each stays here after the repair, with what it found. */
export const seeds: ReadonlyArray<readonly [seed: number, what: string]> = [
  [1, 'what the bot said on asking for a person carried the epoch before, and was never heard'],
  [23, 'an agent’s early words waited for a ticket of an older handoff that was never known'],
  [51, 'a handoff whose agent was given up stayed accepted'],
  [65, 'a desk that confirmed its end late took the time limit of the next one'],
  [71, 'a desk of the chain was asked without a time limit'],
  [232, 'a language tag with an underscore stopped the conversation'],
  [544, 'a desk was asked while an older one still had an open ticket'],
  [31_004_699, 'who was passed on heard that a desk is asked, while one of before had to confirm its end first'],
]
