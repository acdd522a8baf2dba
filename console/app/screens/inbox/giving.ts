/** Conversations that left by the agent's own hand: their going is no news. */
export const given: Set<string> = new Set()
