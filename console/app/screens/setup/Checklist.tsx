import { Button, Code, Group, Stack, Text, Title } from '@mantine/core'
import { IconCheck, IconCircle } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { type ReactNode, useEffect } from 'react'
import type { ChecklistAnswer } from '../../../../src/http/api/checklist.ts'
import { formatCount, formatMoment } from '../../format.ts'
import { Copy } from '../../parts/Copy.tsx'
import { DataState } from '../../parts/DataState.tsx'
import { Go } from '../../parts/Go.tsx'
import { useRead } from '../../read.ts'
import './setup.css'

/** What is left to do until customers can come, with the sandbox beside it to see one handoff happen. */
export function Checklist() {
  const query = useRead<ChecklistAnswer>('/setup', { topics: ['queue', 'conversations'], everyMs: 10_000 })
  useEffect(() => {
    document.title = 'Set up · Baton'
  }, [])
  return (
    <main className="setup" aria-labelledby="setup-title">
      <header className="setup-head">
        <Title order={1} id="setup-title" size="h2">
          Welcome to Baton
        </Title>
        <Button variant="default" renderRoot={(props) => <Link {...props} to="/" />}>
          Open the console
        </Button>
      </header>
      <DataState query={query} what="The set-up could not be read" rows={5}>
        {(answer) => <Inside answer={answer} />}
      </DataState>
    </main>
  )
}

const Inside = ({ answer }: { answer: ChecklistAnswer }) => (
  <div className="setup-body">
    {answer.isSandbox && <Stages />}
    <section className="setup-steps" aria-label="Steps">
      <ul className="setup-facts">
        <Done>The database answers</Done>
        <Done>The hub is reached at {answer.url}</Done>
        <Done>
          {answer.file}: {formatCount(answer.connections, 'connection')}, {formatCount(answer.mappings, 'mapping')}, no
          problems; read {formatMoment(answer.readAt)}
        </Done>
      </ul>
      <ol className="setup-list">
        <Steps answer={answer} />
      </ol>
    </section>
  </div>
)

const Done = ({ children }: { children: ReactNode }) => (
  <li>
    <IconCheck size={18} stroke={1.5} aria-label="Done" className="setup-done" />
    <Text size="sm" span>
      {children}
    </Text>
  </li>
)

const Stages = () => (
  <div className="setup-stages">
    <figure>
      <figcaption>You are the customer: ask about delivery, then ask for a person</figcaption>
      <iframe src="/demo/" title="Demo shop, as the customer" />
    </figure>
    <figure>
      <figcaption>You are the agent: accept, answer, resolve</figcaption>
      <iframe src="/console/inbox?come=online" title="Inbox, as the agent" />
    </figure>
  </div>
)

const bot = `  first-line:
    use: dialogflow-cx
    project: your-project
    location: global
    agent: your-agent-id`
const desk = `  people:
    use: zendesk
    subdomain: your-company
    token: \${env:ZENDESK_TOKEN}`

function Steps({ answer: { done, channel, url, file, isSandbox } }: { answer: ChecklistAnswer }) {
  const tag = `<script src="${url}/widget.js" data-connection="${channel ?? 'site'}" async></script>`
  const where = isSandbox ? 'your own config/baton.yaml' : file
  return (
    <>
      <Step isDone={done.handoff} title="Watch one handoff">
        {isSandbox
          ? 'Play both sides here: it takes a minute, and needs no account anywhere.'
          : 'Ask for a person in the chat, and accept in the inbox. It shows here once somebody has accepted.'}
      </Step>
      <Step isDone={done.bot} title="Your bot" copy={bot} what="the lines of a bot">
        Below <Code>connections</Code> in {where}. Our own bot answers from a folder of articles until then.
      </Step>
      <Step isDone={done.desk} title="Your desk" copy={desk} what="the lines of a desk">
        The helpdesk your people use, or our own inbox. Secrets come from the environment.
      </Step>
      <Step isDone={done.customer} title="The chat on your site" copy={tag} what="the script tag">
        Before the end of <Code>body</Code> on every page that shall have it.
      </Step>
      <Step isDone={done.team} title="Invite your team">
        <Go to="/settings/team">Make a link for each of them</Go>
      </Step>
    </>
  )
}

interface StepProps {
  readonly isDone: boolean
  readonly title: string
  readonly copy?: string
  readonly what?: string
  readonly children: ReactNode
}

const Step = ({ isDone, title, copy, what, children }: StepProps) => (
  <li>
    {isDone ? (
      <IconCheck size={18} stroke={1.5} aria-label="Done" className="setup-done" />
    ) : (
      <IconCircle size={18} stroke={1.5} aria-label="To do" className="setup-todo" />
    )}
    <Stack gap={4} className="setup-step">
      <Title order={2} size="h4">
        {title}
      </Title>
      <Text size="sm" component="div">
        {children}
      </Text>
      {copy && (
        <>
          <Code block tabIndex={0}>
            {copy}
          </Code>
          <Group>
            <Copy value={copy} what={what!} />
          </Group>
        </>
      )}
    </Stack>
  </li>
)
