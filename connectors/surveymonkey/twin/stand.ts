/** What a person sees and plays of the twin: responses under way and done, and the owner's few moves. */
import { HubError } from '#hub/errors.ts'
import type { TwinAct, TwinButton, TwinCase, TwinLine, TwinView } from '#hub/twin.ts'
import type { Account, TwinAnswer, TwinResponse } from './account.ts'
import type { Callbacks } from './callbacks.ts'
import { plainHeading } from './page.ts'
import type { TwinQuestion } from './sample.ts'

const shownCases = 50

export function openStand(account: Account, callbacks: Callbacks) {
  /** The questions that have a button: what is picked is the text of a choice, or the number of stars. */
  const wordOf = (choice: { text: string; weight?: number }) => choice.text || String(choice.weight)
  const buttonOf = (question: TwinQuestion): TwinButton => {
    const label = plainHeading(question)
    const choices = question.answers?.choices?.map(wordOf)
    return { do: `answer-${question.id}`, label, input: { label, ...(choices ? { choices } : {}) } }
  }
  const lineOf = ({ modifiedAt, answers }: TwinResponse, question: TwinQuestion): TwinLine[] => {
    const given = answers.get(question.id) ?? []
    const picked = (id: string | undefined) => question.answers?.choices?.find((choice) => choice.id === id)
    return given.map((answer) => {
      const choice = picked(answer.choice_id)
      const text = `${plainHeading(question)} ${choice ? wordOf(choice) : (answer.text ?? 'a choice that is gone')}`
      return { by: 'Customer', text, at: modifiedAt }
    })
  }
  const caseOf = (response: TwinResponse): TwinCase => ({
    id: response.id,
    title: `Response ${response.id}`,
    state: response.status,
    lines: account.questions().flatMap((question) => lineOf(response, question)),
    buttons:
      response.status === 'partial'
        ? [...account.questions().map(buttonOf), { do: 'complete', label: 'Done' }]
        : [{ do: 'delete', label: 'Delete the response' }],
  })

  function view(): TwinView {
    const counts = [...account.responses.values()].filter(({ status }) => status === 'completed').length
    return {
      title: 'SurveyMonkey',
      hint: 'Resolve a conversation as an agent; the customer then gets a link. Open it in a browser and answer, or paste it here under "Open a link".',
      facts: [
        { label: 'Survey', value: `${account.survey.title} (${account.survey.id})` },
        { label: 'Custom variables', value: Object.keys(account.survey.custom_variables).join(', ') || 'none yet' },
        {
          label: 'Collectors',
          value: [...account.collectors.values()].map(({ status }) => status).join(', ') || 'none yet',
        },
        {
          label: 'Webhooks',
          value: [...account.webhooks.values()].map(({ body }) => body.event_type).join(', ') || 'none yet',
        },
        { label: 'Completed responses', value: String(counts) },
      ],
      buttons: [
        { do: 'open', label: 'Open a link', input: { label: 'The link that the customer got' } },
        { do: 'edit', label: 'Edit the questions' },
        { do: 'close', label: 'Close the collector' },
        { do: 'repeat', label: 'Send the last webhook again' },
      ],
      cases: [...account.responses.values()].reverse().slice(0, shownCases).map(caseOf),
    }
  }

  function openLink(input: string): void {
    const link = /https?:\/\/[^\s<>"]+/.exec(input)?.[0]
    const url = link && URL.canParse(link) ? new URL(link) : undefined
    const collector = [...account.collectors.values()].find(({ code }) => url?.pathname === `/r/${code}`)
    if (!url || !collector) throw new HubError('invalid', 'This is no link of a collector of ours')
    if (collector.status === 'closed') throw new HubError('invalid', 'This survey is closed')
    callbacks.response('response_created', account.begin(collector, Object.fromEntries(url.searchParams)))
  }

  function answerOf({ answers }: TwinQuestion, input: string): TwinAnswer {
    if (!answers?.choices) return { text: input }
    const choice = answers.choices.find((one) => wordOf(one) === input)
    if (!choice) throw new HubError('invalid', `Choose one of: ${answers.choices.map(wordOf).join(', ')}`)
    const row = answers.rows?.[0]?.id
    return { choice_id: choice.id, ...(row ? { row_id: row } : {}) }
  }

  function actOn(response: TwinResponse, { do: what, input = '' }: TwinAct): void {
    const question = account.questions().find(({ id }) => what === `answer-${id}`)
    if (what === 'delete') {
      account.responses.delete(response.id)
      return callbacks.response('response_deleted', response)
    }
    if (response.status !== 'partial') throw new HubError('invalid', 'This response is complete')
    if (what === 'complete') {
      account.complete(response)
      return callbacks.response('response_completed', response)
    }
    if (!question) throw new HubError('unknown', 'There is no such button')
    account.answer(response, question.id, [answerOf(question, input.trim())])
    callbacks.response('response_updated', response)
  }

  function actOnAll({ do: what, input = '' }: TwinAct): void {
    if (what === 'open') return openLink(input)
    if (what === 'edit') {
      account.edit()
      return callbacks.survey('survey_updated')
    }
    if (what === 'close') {
      for (const collector of account.collectors.values()) collector.status = 'closed'
      return
    }
    if (what !== 'repeat') throw new HubError('unknown', 'There is no such button')
    if (!callbacks.repeat()) throw new HubError('invalid', 'No webhook was sent yet')
  }

  return {
    view,
    async act(act: TwinAct): Promise<void> {
      if (act.case === undefined) return actOnAll(act)
      const response = account.responses.get(act.case)
      if (!response) throw new HubError('unknown', `There is no response ${act.case}`)
      return actOn(response, act)
    },
  }
}
