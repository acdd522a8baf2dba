import { describe, expect, it } from 'vitest'
import { own } from './fixtures/gallery.ts'
import { kindOf, scoreOf } from './scoring.ts'
import type { Settings } from './settings.ts'
import { chooseQuestions, fromDetails, plain, type SurveyDetails } from './structure.ts'
import {
  type Answer,
  answersTo,
  fromResponse,
  isCounted,
  maxComment,
  type Response,
  toLink,
  toVendorTime,
} from './translate.ts'

const structure = fromDetails(own<SurveyDetails>('survey-details'))
const response = own<Response>('response-details')
const questionOf = (id: string) => structure.questions.find((question) => question.id === id)!
const yaml = {} as Settings

describe('a score', () => {
  it.each([
    ['smileys, by weight', '71100002', { score: 2, scale: 3 }],
    ['NPS, by place: the weight is lost', '71100003', { score: 6, scale: 10 }],
    ['rows, their mean, moved up from below zero', '71100004', { score: 1.5, scale: 2 }],
    ['a choice, by place', '71100005', { score: 1, scale: 3 }],
    ['a slider', '71100006', { score: 73, scale: 100 }],
    ['a text box, which has none', '71100008', 'none'],
  ])('of %s', (_, id, expected) => {
    expect(scoreOf(questionOf(id), answersTo(response, questionOf(id)), yaml)).toEqual(expected)
  })

  const choices = (id: string, picked: string, given: Partial<Settings> = {}) =>
    scoreOf(questionOf(id), [{ choice_id: picked } as Answer], given)

  it('of NPS tells all eleven answers apart', () => {
    const picked = Array.from({ length: 11 }, (_, index) => choices('71100003', String(71200101 + index)))
    expect(picked).toEqual(Array.from({ length: 11 }, (_, score) => ({ score, scale: 10 })))
  })

  it('of NPS in another order follows the numbers in the texts', () => {
    const question = questionOf('71100003')
    const turned = question.choices.map((choice, index) => ({ ...choice, text: String(10 - index) }))
    expect(scoreOf({ ...question, choices: turned }, [{ choice_id: '71200101' }], yaml)).toEqual({
      score: 10,
      scale: 10,
    })
  })

  it('of eleven stars is no NPS', () => {
    const question = { ...questionOf('71100003'), display: 'emoji' }
    const stars = question.choices.map((choice, index) => ({ ...choice, text: '', weight: index + 1 }))
    expect(kindOf({ ...question, choices: stars })).toBe('rating')
  })

  it('of choices can be said in the YAML, by text or id', () => {
    const scores = { Yes: 10, '71200302': 5 }
    expect(choices('71100005', '71200301', { scores })).toEqual({ score: 10, scale: 10 })
    expect(choices('71100005', '71200302', { scores, scale: 20 })).toEqual({ score: 5, scale: 20 })
    expect(choices('71100005', '71200303', { scores })).toBe('none')
  })

  it('is none where the customer skipped the question or said that it does not apply', () => {
    expect(scoreOf(questionOf('71100002'), [], yaml)).toBe('none')
    expect(choices('71100002', '71200014')).toBe('none')
  })

  it('is unknown where the choice is', () => {
    expect(choices('71100002', '99999999')).toBe('unknown')
  })

  it.each(['', 'much', '-1', '101'])('of a slider at "%s" is none', (text) => {
    expect(scoreOf(questionOf('71100006'), [{ text }], yaml)).toBe('none')
  })
})

describe('the questions', () => {
  it('that count by default are the first with a symbol, NPS or slider, and the first text box', () => {
    const { score, comment } = chooseQuestions(structure, yaml)
    expect([score.id, score.heading, comment!.id]).toEqual(['71100002', 'How kind & quick were we?', '71100008'])
  })

  it.each([
    [{ scoreQuestion: '1' }, 'no question 1 that gives a score, which scoreQuestion names'],
    [{ scoreQuestion: '71100008' }, '71100003 (Would you recommend us?)'],
    [{ commentQuestion: '2' }, 'no question 2, which commentQuestion names'],
  ])('%j are refused with what there is', (settings, words) => {
    expect(() => chooseQuestions(structure, settings as Settings)).toThrow(words)
  })

  it('lose their HTML, not their spaces', () => {
    expect(plain('<p>One</p><p>two &lt;b&gt;<em>three</em>!</p>')).toBe('One two <b>three!')
  })
})

describe('a response', () => {
  const chosen = chooseQuestions(structure, yaml)
  const invited = { conversation: 9, handoff: 2 }

  it('becomes feedback with the words beside the score', () => {
    expect(fromResponse(response, invited, chosen, yaml)).toEqual({
      type: 'feedback',
      externalId: 'answer:9-2',
      at: Date.UTC(2026, 5, 1, 9, 0, 31),
      conversation: 9,
      feedback: { handoff: 2, score: 2, scale: 3, comment: 'Danke schön!\nIt took two tries' },
    })
  })

  it('of many words is cut between characters', () => {
    const long = [{ id: '71100008', answers: [{ text: `${'x'.repeat(maxComment - 2)}😀😀` }] }]
    const pages = [...response.pages!, { questions: long }].slice(0, 1).concat([{ questions: long }])
    const event = fromResponse({ ...response, pages }, invited, chosen, yaml)
    const { comment } = (event as { feedback: { comment: string } }).feedback
    expect(comment).toBe(`${'x'.repeat(maxComment - 2)}…`)
  })

  it.each([
    ['completed', 'default', true],
    ['completed', 'data_entry', true],
    ['completed', 'preview', false],
    ['completed', 'survey_preview', false],
    ['partial', 'default', false],
    ['disqualified', 'default', false],
    ['overquota', 'default', false],
  ])('that is %s in mode %s counts: %s', (response_status, collection_mode, counts) => {
    expect(isCounted({ ...response, response_status, collection_mode })).toBe(counts)
  })
})

it('a link keeps what the collector’s own has', () => {
  expect(toLink('https://www.example.com/r/AB?lang=de', 'hub_ref', 'a-b_c')).toBe(
    'https://www.example.com/r/AB?lang=de&hub_ref=a-b_c',
  )
})

it('a time for the vendor has no offset', () => {
  expect(toVendorTime(Date.UTC(2026, 2, 4, 10, 0, 0, 500))).toBe('2026-03-04T10:00:00')
})
