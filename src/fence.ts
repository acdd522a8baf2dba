/**
 * Control is fenced: what the bot says, and what Baton says, carries the epoch it was decided in, and holds only while that epoch
 * lasts. Looked at twice: in `step` when a bot's answer arrives, and in the drain, from the record, before words are sent.
 */
export const isLate = (decidedIn: number, epoch: number): boolean => decidedIn !== epoch

/** Why it was stopped, for the timeline. */
export const whyLate = (decidedIn: number, epoch: number): string =>
  `late: decided in epoch ${decidedIn}, control has changed hands since and is in epoch ${epoch}`
