import { Paper, Title } from '@mantine/core'
import { type ReactNode, useEffect } from 'react'
import './login.css'

/** One thing to do, in the middle of an empty page. */
export function Card({ title, children }: { title: string; children: ReactNode }) {
  useEffect(() => {
    document.title = `${title} · Baton`
  }, [title])
  return (
    <main className="door">
      <Paper className="door-card" withBorder radius="md" p="xl">
        <span className="door-brand">
          <img src="/console/baton.svg" alt="" width={24} height={24} />
          <span>Baton</span>
        </span>
        <Title order={1} size="h2" mb="lg">
          {title}
        </Title>
        {children}
      </Paper>
    </main>
  )
}
