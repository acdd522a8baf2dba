/** The demo's agents. Their tokens are random and kept, so that an open page outlives a restart. */
import type { Host } from '#hub/connector.ts'
import { newToken } from './agents.ts'
import type { AgentSettings } from './settings.ts'

const people = [
  {
    name: 'Ana',
    email: 'ana@demo.example',
    skills: ['billing', 'returns'],
    languages: ['en', 'de', 'es'],
    capacity: 4,
  },
  { name: 'Ben', email: 'ben@demo.example', skills: ['billing', 'delivery'], languages: ['en', 'fr'], capacity: 2 },
]

export async function demoAgents(host: Host): Promise<AgentSettings[]> {
  return Promise.all(people.map(async (person) => ({ ...person, token: await keptToken(host, person.name) })))
}

async function keptToken(host: Host, name: string): Promise<string> {
  const kept = await host.memory.get<string>(`demo-token:${name}`)
  if (kept) return kept
  const token = newToken()
  await host.memory.set(`demo-token:${name}`, token)
  return token
}
