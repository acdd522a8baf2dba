/** What every survey promises. */
import { describe, expect, it } from 'vitest'
import type { HubEvent, Invitation, Message, Ref, Survey } from '../../src/connector.ts'

export interface SurveyHarness {
  readonly survey: Survey
  readonly visitor: Ref
  /** The best score. */
  readonly scale: number
  /** Answers as the customer would who was shown this invitation. */
  answer?(invitation: Message, answer: unknown): Promise<{ status: number; body: string }>
  /** Answers with a link that nobody was given. */
  answerUnknown?(answer: unknown): Promise<{ status: number; body: string }>
  events(): readonly HubEvent[]
  close?(): Promise<void>
}

export interface SurveyLimits {
  /** Why answers cannot be given here: the customer answers elsewhere. */
  readonly noAnswers?: string
  /** Why the page that takes the answer is not ours: what it says to whom is its own affair, what reaches the hub is not. */
  readonly elsewhere?: string
}

export function surveyConformance(name: string, begin: () => Promise<SurveyHarness>, limits: SurveyLimits = {}): void {
  const promise = (title: string, run: (harness: SurveyHarness) => Promise<void>, skip?: string) =>
    it.skipIf(skip !== undefined)(skip ? `${title} (skipped: ${skip})` : title, async () => {
      const harness = await begin()
      try {
        await run(harness)
      } finally {
        await harness.close?.()
      }
    })
  const answered = (title: string, run: (harness: Required<SurveyHarness>) => Promise<void>, skip = limits.noAnswers) =>
    promise(title, (harness) => run(harness as Required<SurveyHarness>), skip)
  const onOurPage: typeof answered = (title, run) => answered(title, run, limits.noAnswers ?? limits.elsewhere)

  describe(`${name} as a survey`, () => {
    promise('invites once for a key, however often it is asked', async ({ survey, visitor }) => {
      const first = await survey.invite(anInvitation(), visitor, 'key-1')
      const again = await survey.invite(anInvitation(), visitor, 'key-1')
      expect(again).toEqual(first)
    })

    promise('keeps the invitations of two handoffs apart', async ({ survey, visitor }) => {
      const one = await survey.invite(anInvitation({ handoff: 1 }), visitor, 'key-1')
      const two = await survey.invite(anInvitation({ handoff: 2 }), visitor, 'key-2')
      for (const [message, handoff] of [
        [one, 1],
        [two, 2],
      ] as const) {
        const part = message?.parts.find((each) => each.kind === 'survey')
        if (part) expect(part.handoff).toBe(handoff)
      }
      const links = [one, two].flatMap(
        (message) => message?.parts.flatMap((part) => (part.kind === 'survey' ? [part.url] : [])) ?? [],
      )
      expect(new Set(links).size).toBe(links.length)
    })

    answered(
      'turns an answer into exactly one feedback event with its handoff and scale',
      async ({ survey, visitor, scale, answer, events }) => {
        const invitation = await survey.invite(anInvitation({ conversation: 7, handoff: 3 }), visitor, 'key-1')
        const { status } = await answer(invitation!, { score: scale, comment: 'Very kind.' })
        expect(status).toBe(200)
        expect(events()).toHaveLength(1)
        expect(events()[0]).toMatchObject({
          type: 'feedback',
          conversation: 7,
          feedback: { handoff: 3, score: scale, scale, comment: 'Very kind.' },
        })
        expect(events()[0]!.externalId).not.toBe('')
      },
    )

    answered('refuses a second answer for the same handoff', async ({ survey, visitor, answer, events }) => {
      const invitation = await survey.invite(anInvitation(), visitor, 'key-1')
      await answer(invitation!, { score: 1 })
      const second = await answer(invitation!, { score: 2 })
      if (!limits.elsewhere) expect(second.status).toBe(409)
      expect(events()).toHaveLength(1)
    })

    answered('takes one of two answers that come at the same moment', async ({ survey, visitor, answer, events }) => {
      const invitation = await survey.invite(anInvitation(), visitor, 'key-1')
      const both = await Promise.all([answer(invitation!, { score: 1 }), answer(invitation!, { score: 2 })])
      if (!limits.elsewhere) expect(both.map(({ status }) => status).sort()).toEqual([200, 409])
      expect(events()).toHaveLength(1)
    })

    onOurPage('refuses a wrong score and says what is right', async ({ survey, visitor, scale, answer, events }) => {
      const invitation = await survey.invite(anInvitation(), visitor, 'key-1')
      for (const wrong of [
        { score: 0 },
        { score: scale + 1 },
        { score: 1.5 },
        { score: '' },
        { score: null },
        {},
        [],
      ]) {
        const { status, body } = await answer(invitation!, wrong)
        expect(status, JSON.stringify(wrong)).toBe(400)
        expect(body).toContain(String(scale))
      }
      expect(events()).toHaveLength(0)
      expect((await answer(invitation!, { score: 1 })).status, 'the right answer still counts').toBe(200)
    })

    answered('knows no link that it did not give', async ({ answerUnknown, events }) => {
      const { status } = await answerUnknown({ score: 1 })
      if (!limits.elsewhere) expect(status).toBe(404)
      expect(events()).toHaveLength(0)
    })
  })
}

export const anInvitation = (given: Partial<Invitation> = {}): Invitation => ({
  conversation: 1,
  handoff: 1,
  customer: { name: 'Lena' },
  language: 'en',
  ...given,
})
