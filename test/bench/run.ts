/** `npm run bench`: how fast the hub is, as a share of what this machine can do. README.md says how to read it. */
import { mkdir, writeFile } from 'node:fs/promises'
import { bench, profileHub } from './bench.ts'
import { startEngines } from './engines.ts'
import { type Options, readOptions, usage } from './options.ts'
import { readProfile, type Share } from './profile.ts'
import { showReport, showTable } from './table.ts'

const write = (line: string) => void process.stdout.write(`${line}\n`)
const tell = (line: string) => void process.stderr.write(`${line}\n`)

function options(): Options {
  try {
    return readOptions(process.argv.slice(2))
  } catch (error) {
    tell(`${(error as Error).message}\n\n${usage}`)
    process.exit(2)
  }
}

async function profile(chosen: Options, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  const shown = (shares: readonly Share[], count: number) =>
    showTable(
      ['%', ''],
      shares.slice(0, count).map(({ name, percent }) => [percent.toFixed(1), name]),
    )
  for (const { work, file, trial } of await profileHub(chosen, engines, folder)) {
    const { functions, packages } = readProfile(file)
    write(`${work}: ${trial.cpuUs.toFixed(0)} µs a message, PostgreSQL ${trial.postgresCpuUs.toFixed(0)} µs (${file})`)
    write(`\n${shown(packages, 15)}\n\n${shown(functions, 25)}\n`)
  }
}

const chosen = options()
const engines = await startEngines(process.env.DATABASE_URL)
try {
  if (chosen.profile !== undefined) await profile(chosen, chosen.profile)
  else {
    const report = await bench(chosen, engines, tell)
    write(showReport(report))
    if (chosen.json !== undefined) await writeFile(chosen.json, `${JSON.stringify(report, null, 2)}\n`)
    if (report.goals.some(({ verdict }) => verdict === 'missed')) process.exitCode = 1
  }
} finally {
  await engines.stop()
}
