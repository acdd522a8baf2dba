/** The twin's things in the vendor's form. */
import type { Account, TwinCollector, TwinResponse, TwinWebhook } from './account.ts'

export const vendorTime = (at: number): string => `${new Date(at).toISOString().slice(0, 19)}+00:00`

export function surveyBody({ survey, responses }: Account, url: string) {
  const href = `${url}/v3/surveys/${survey.id}`
  const questions = survey.pages.flatMap((page) => page.questions)
  return {
    id: survey.id,
    title: survey.title,
    nickname: '',
    language: 'en',
    question_count: questions.length,
    page_count: survey.pages.length,
    response_count: responses.size,
    date_modified: vendorTime(survey.date_modified),
    custom_variables: survey.custom_variables,
    href,
  }
}

export function detailsBody(account: Account, url: string) {
  const body = surveyBody(account, url)
  const pages = account.survey.pages.map(({ id, questions }, index) => ({
    id,
    title: '',
    description: '',
    position: index + 1,
    question_count: questions.length,
    href: `${body.href}/pages/${id}`,
    questions: questions.map((question) => ({
      ...question,
      href: `${body.href}/pages/${id}/questions/${question.id}`,
    })),
  }))
  return { ...body, pages }
}

export const collectorBody = ({ id, code, status, body, createdAt }: TwinCollector, survey: string, url: string) => ({
  redirect_type: 'url',
  redirect_url: null,
  edit_response_type: 'until_complete',
  anonymous_type: 'not_anonymous',
  allow_multiple_responses: false,
  thank_you_message: 'Thank you for completing our survey!',
  closed_page_message: 'This survey is currently closed.',
  ...body,
  status,
  id,
  survey_id: survey,
  close_date: null,
  display_survey_results: false,
  password_enabled: false,
  sender_email: null,
  response_limit: null,
  date_created: vendorTime(createdAt),
  date_modified: vendorTime(createdAt),
  url: body.type === 'weblink' ? `${url}/r/${code}` : undefined,
  href: `${url}/v3/collectors/${id}`,
})

export const webhookBody = ({ id, body }: TwinWebhook, url: string) => ({
  authorization: null,
  ...body,
  id,
  href: `${url}/v3/webhooks/${id}`,
})

/** Skipped questions are absent; a page may have none at all. */
export function responseBody({ survey }: Account, response: TwinResponse, url: string) {
  return {
    id: response.id,
    survey_id: survey.id,
    collector_id: response.collector.id,
    recipient_id: '',
    response_status: response.status,
    collection_mode: response.mode,
    custom_value: '',
    custom_variables: response.variables,
    first_name: '',
    last_name: '',
    email_address: '',
    ip_address: '203.0.113.5',
    logic_path: {},
    metadata: { contact: {} },
    page_path: [],
    total_time: Math.round((response.modifiedAt - response.createdAt) / 1000),
    date_created: vendorTime(response.createdAt),
    date_modified: vendorTime(response.modifiedAt),
    href: `${url}/v3/surveys/${survey.id}/responses/${response.id}`,
    pages: survey.pages.map(({ id, questions }) => ({
      id,
      questions: questions.flatMap((question) => {
        const answers = response.answers.get(question.id)
        return answers ? [{ id: question.id, answers }] : []
      }),
    })),
  }
}
