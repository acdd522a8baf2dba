/** The public page behind a collector's link: plain HTML that needs no script. */
import type { TwinAnswer } from './account.ts'
import type { TwinQuestion, TwinSurvey } from './sample.ts'

export type Fields = Readonly<Record<string, string>>

export interface PageState {
  readonly fields?: Fields
  /** Ids of questions that must be answered first. */
  readonly missing?: readonly string[]
}

export function surveyPage(survey: TwinSurvey, { fields = {}, missing = [] }: PageState = {}): string {
  const questions = survey.pages.flatMap((page) => page.questions)
  const error = missing.length
    ? '<p class="error" role="alert" id="error">Please answer the questions that are marked as required.</p>'
    : ''
  const asked = questions.map((question) => drawQuestion(question, fields, missing.includes(question.id))).join('\n')
  return shell(
    survey.title,
    `<h1>${escapeHtml(survey.title)}</h1>
${error}<form method="post">
${asked}
<button>Done</button>
</form>`,
  )
}

export const notePage = (title: string, sentence: string): string =>
  shell(title, `<h1>${escapeHtml(title)}</h1><p>${escapeHtml(sentence)}</p>`)

function drawQuestion(question: TwinQuestion, fields: Fields, isMissing: boolean): string {
  const name = `q${question.id}`
  const heading = plainHeading(question) + (question.required ? ' (required)' : '')
  if (!question.answers?.choices)
    return `<p><label for="${name}">${escapeHtml(heading)}</label>
<textarea id="${name}" name="${name}" rows="4" maxlength="5000">${escapeHtml(fields[name] ?? '')}</textarea></p>`
  const described = isMissing ? ' aria-describedby="error"' : ''
  const choices = question.answers.choices.map(({ id, text, weight }) => {
    const checked = fields[name] === id ? ' checked' : ''
    const required = question.required ? ' required' : ''
    const words = text || starsIn(weight)
    return `<label class="choice"><input type="radio" name="${name}" value="${id}"${checked}${required}${described}> ${escapeHtml(words)}</label>`
  })
  const { other } = question.answers
  const more = other
    ? `<label for="${name}-other">${escapeHtml(other.text)}</label> <input id="${name}-other" name="${name}-other" maxlength="${other.num_chars}" value="${escapeHtml(fields[`${name}-other`] ?? '')}">`
    : ''
  return `<fieldset><legend>${escapeHtml(heading)}</legend>
${choices.join('\n')}
${more}</fieldset>`
}

const starsIn = (weight: number | undefined): string => `${weight} ${weight === 1 ? 'star' : 'stars'}`

export const plainHeading = ({ headings }: TwinQuestion): string =>
  (headings[0]?.heading ?? '').replace(/<[^>]*>/g, '').trim()

/** What a form says, by question; a choice that the question does not have is dropped. */
export function answersIn(questions: readonly TwinQuestion[], fields: Fields): Map<string, TwinAnswer[]> {
  const all = questions.map(({ id, answers }): [string, TwinAnswer[]] => {
    const value = (fields[`q${id}`] ?? '').replaceAll('\r\n', '\n').trim()
    if (!answers?.choices) return [id, value ? [{ text: value }] : []]
    const row = answers.rows?.[0]?.id
    const picked = answers.choices.some((choice) => choice.id === value)
    const more = fields[`q${id}-other`]?.trim()
    return [
      id,
      [
        ...(picked ? [{ choice_id: value, ...(row ? { row_id: row } : {}) }] : []),
        ...(more && answers.other ? [{ other_id: answers.other.id, text: more }] : []),
      ],
    ]
  })
  return new Map(all.filter(([, answers]) => answers.length > 0))
}

export const missingIn = (questions: readonly TwinQuestion[], answers: ReadonlyMap<string, TwinAnswer[]>): string[] =>
  questions
    .filter(({ id, required }) => required && !answers.get(id)?.some((one) => one.choice_id || one.text))
    .map(({ id }) => id)

const style = `
:root{color-scheme:light dark}
body{margin:0 auto;max-width:34rem;padding:24px 16px;font:16px/1.5 system-ui,sans-serif}
h1{font-size:1.5rem;line-height:1.25}
fieldset{margin:0 0 20px;padding:8px 16px 12px;border:1px solid #808a90;border-radius:8px}
legend,p>label{font-weight:600}
.choice{display:block;padding:6px 0}
.choice input{width:1.2em;height:1.2em;vertical-align:-.2em}
textarea,input[id]{width:100%;box-sizing:border-box;padding:8px;font:inherit}
button{min-height:44px;padding:0 28px;font:inherit;font-weight:600}
.error{color:light-dark(#b42318,#ff9b8f);font-weight:600}
:focus-visible{outline:3px solid;outline-offset:2px}
`

const shell = (title: string, inside: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${style}</style>
</head>
<body>
<main>
${inside}
</main>
</body>
</html>
`

const signs: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (sign) => signs[sign]!)
