/** Who the customer is: what a channel knows of them, and what a CRM adds. */

export interface Identity {
  /** The company's own id of this person. Only trusted when `verified`. */
  readonly id?: string
  readonly name?: string
  readonly email?: string
  readonly phone?: string
  /** True when the company's backend vouched for it (a signed token), false for what a visitor typed. */
  readonly verified?: boolean
}

/** The customer as the hub knows them: the identity, and facts from the CRM for the agent's eyes. */
export interface Customer extends Identity {
  readonly language?: string
  /** IANA zone, for telling opening hours. */
  readonly timeZone?: string
  readonly segment?: string
  /** A plain number an admin can set a limit on: yearly revenue, lifetime value. */
  readonly value?: number
  /** Label to value, in the order the agent should read them. */
  readonly facts?: Readonly<Record<string, string>>
  /** Where the person is in the CRM, for a link. */
  readonly url?: string
}
