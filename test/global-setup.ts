/** Before all tests: one real PostgreSQL with a migrated template, and a Redis where one is installed. Gone afterwards. */
import { spawn } from 'node:child_process'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { pino } from 'pino'
import type { TestProject } from 'vitest/node'
import { openDatabase } from '../src/postgres/database.ts'
import { startEmbedded } from '../src/postgres/embedded.ts'
import { migrate } from '../src/postgres/migrate.ts'
import { hubMigrations } from '../src/postgres/migrations/index.ts'
import { freePort } from '../src/postgres/server.ts'
import { aRunFolder, removeAbandoned } from './abandoned.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** A server's maintenance database, from which tests make their own. */
    databaseUrl: string
    /** Name of the migrated database that fresh ones are copies of. */
    databaseTemplate: string
    redisUrl: string | undefined
  }
}

type Stop = () => Promise<unknown>

export default async function setup(project: TestProject): Promise<Stop> {
  const stops: Stop[] = []
  const stopAll = async () => {
    for (const stop of stops.reverse()) await stop()
  }
  try {
    const databaseUrl = process.env.DATABASE_URL ?? (await startPostgres(stops))
    project.provide('databaseUrl', databaseUrl)
    project.provide('databaseTemplate', await makeTemplate(databaseUrl, stops))
    project.provide('redisUrl', process.env.REDIS_URL ?? (await startRedis(stops)))
  } catch (error) {
    await stopAll()
    throw error
  }
  return stopAll
}

async function startPostgres(stops: Stop[]): Promise<string> {
  await removeAbandoned(tmpdir())
  const dataDir = await aRunFolder(tmpdir())
  stops.push(() => rm(dataDir, { recursive: true, force: true }))
  const server = await startEmbedded({ dataDir, log: pino({ level: 'warn' }, pino.destination(2)) })
  stops.push(() => server.stop())
  return server.url
}

/** Unused by tests themselves: PostgreSQL copies a database only while nobody is connected to it. */
async function makeTemplate(databaseUrl: string, stops: Stop[]): Promise<string> {
  const name = `baton_template_${process.pid}`
  const admin = openDatabase(databaseUrl, { max: 1 })
  stops.push(async () => {
    await admin.pool.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)
    await admin.close()
  })
  await admin.pool.query(`CREATE DATABASE ${name}`)
  const url = new URL(databaseUrl)
  url.pathname = `/${name}`
  const template = openDatabase(url.href, { max: 1 })
  await migrate(template.pool, 'hub', hubMigrations).finally(() => template.close())
  return name
}

async function startRedis(stops: Stop[]): Promise<string | undefined> {
  const port = await freePort()
  const options = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', tmpdir()]
  const child = spawn('redis-server', options, { stdio: 'ignore' })
  const failed = new Promise<Error>((resolve) => child.once('error', resolve))
  const spawned = new Promise<undefined>((resolve) => child.once('spawn', () => resolve(undefined)))
  const error = await Promise.race([failed, spawned])
  if (error) return skipRedis(error)
  stops.push(async () => {
    const ended = new Promise((resolve) => child.once('exit', resolve))
    if (child.exitCode === null && child.kill()) await ended
  })
  await untilRedisAnswers(port)
  return `redis://127.0.0.1:${port}`
}

function skipRedis(error: Error): undefined {
  if (process.env.CI === 'true')
    throw new Error('CI tests every engine: install redis-server or set REDIS_URL', { cause: error })
  console.warn('Tests on Redis are left out: redis-server is not installed and REDIS_URL is not set')
}

async function untilRedisAnswers(port: number): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    const redis = new Redis({ port, host: '127.0.0.1', lazyConnect: true, retryStrategy: () => null })
    redis.on('error', () => {})
    const answer = await redis.connect().then(
      () => redis.ping(),
      () => undefined,
    )
    redis.disconnect()
    if (answer === 'PONG') return
    await sleep(50)
  }
  throw new Error(`redis-server does not answer on port ${port}`)
}
