/** The survey that the twin has: stars, NPS, a choice and a text box, with ids of the vendor's form. */

export interface TwinChoice {
  readonly id: string
  readonly position: number
  readonly visible: boolean
  readonly text: string
  readonly weight?: number
  readonly is_na?: boolean
}
export interface TwinQuestion {
  readonly id: string
  readonly position: number
  readonly visible: boolean
  readonly family: string
  readonly subtype: string
  readonly required: object | null
  readonly headings: readonly { readonly heading: string }[]
  readonly display_options: { readonly display_type: string; readonly display_subtype?: string } | null
  readonly answers: {
    readonly rows?: readonly {
      readonly id: string
      readonly position: number
      readonly visible: boolean
      readonly text: string
    }[]
    readonly choices?: readonly TwinChoice[]
    readonly other?: {
      readonly id: string
      readonly text: string
      readonly visible: boolean
      readonly is_answer_choice: boolean
      readonly num_chars: number
      readonly num_lines: number
      readonly position: number
    }
  } | null
}
export interface TwinSurvey {
  readonly id: string
  title: string
  custom_variables: Record<string, string>
  date_modified: number
  pages: { readonly id: string; readonly questions: TwinQuestion[] }[]
}

export interface Sample {
  readonly survey: string
  /** Ids of the questions. */
  readonly stars: string
  readonly choice: string
  readonly comment: string
  /** Texts of the choices. */
  readonly choices: readonly string[]
}

const nps = '613000002'
const usual = { stars: '613000001', choice: '613000003', comment: '613000004', choices: ['Yes', 'Partly', 'No'] }

/** Questions that the YAML names by ids of its own survey are here too, under those ids. */
export function sampleFor(settings: Readonly<Record<string, unknown>>, survey: string): Sample {
  const { scoreQuestion: score, commentQuestion: comment, scores } = settings
  const isOwn = (id: unknown): id is string =>
    typeof id === 'string' && id !== '' && ![nps, ...Object.values(usual)].includes(id)
  const choices = typeof scores === 'object' && scores !== null ? Object.keys(scores) : []
  return {
    ...usual,
    survey,
    ...(isOwn(score) ? { [choices.length > 0 ? 'choice' : 'stars']: score } : {}),
    ...(isOwn(comment) ? { comment } : {}),
    ...(choices.length > 0 ? { choices } : {}),
  }
}

/** `generation` gives the choices new ids, as a copied or edited survey has them. */
export function sampleSurvey(sample: Sample, at: number, generation = 1): TwinSurvey {
  const id = (number: number) => `${810 + generation}${String(number).padStart(6, '0')}`
  const rated = (
    question: Omit<TwinQuestion, 'visible' | 'family' | 'subtype' | 'answers'>,
    row: number,
    choices: readonly { text: string; weight: number }[],
  ): TwinQuestion => ({
    visible: true,
    family: 'matrix',
    subtype: 'rating',
    ...question,
    answers: {
      rows: [{ id: id(row), position: 1, visible: true, text: '' }],
      choices: choices.map((choice, index) => ({
        id: id(row + 1 + index),
        position: index + 1,
        visible: true,
        is_na: false,
        ...choice,
      })),
    },
  })
  const stars = rated(
    {
      id: sample.stars,
      position: 1,
      required: { text: 'Please choose.', type: 'all', amount: '0' },
      headings: [{ heading: 'How was the help you <em>got</em>?' }],
      display_options: { display_type: 'emoji', display_subtype: 'star' },
    },
    10,
    [1, 2, 3, 4, 5].map((weight) => ({ text: '', weight })),
  )
  const recommend = rated(
    {
      id: nps,
      position: 2,
      required: null,
      headings: [{ heading: 'How likely is it that you would recommend us to a friend?' }],
      display_options: null,
    },
    100,
    Array.from({ length: 11 }, (_, index) => ({
      text: npsText(index),
      weight: index < 7 ? -100 : index < 9 ? 0 : 100,
    })),
  )
  const solved: TwinQuestion = {
    id: sample.choice,
    position: 1,
    visible: true,
    family: 'single_choice',
    subtype: 'vertical',
    required: null,
    headings: [{ heading: 'Was your question answered?' }],
    display_options: null,
    answers: {
      choices: sample.choices.map((text, index) => ({
        id: id(301 + index),
        position: index + 1,
        visible: true,
        text,
      })),
      other: {
        id: id(399),
        text: 'Tell us more',
        visible: true,
        is_answer_choice: false,
        num_chars: 100,
        num_lines: 1,
        position: 0,
      },
    },
  }
  const words: TwinQuestion = {
    id: sample.comment,
    position: 2,
    visible: true,
    family: 'open_ended',
    subtype: 'essay',
    required: null,
    headings: [{ heading: 'Anything else?' }],
    display_options: null,
    answers: null,
  }
  return {
    id: sample.survey,
    title: 'After the chat',
    custom_variables: {},
    date_modified: at,
    pages: [
      { id: '210000001', questions: [stars, recommend] },
      { id: '210000002', questions: [solved, words] },
    ],
  }
}

const npsText = (index: number): string =>
  index === 0 ? 'Not at all likely - 0' : index === 10 ? 'Extremely likely - 10' : String(index)
