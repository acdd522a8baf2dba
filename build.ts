/** Makes `dist/`: the JavaScript that a published package carries, since Node strips no types below node_modules. Run by `npm pack`. */
import { execFileSync } from 'node:child_process'
import { cpSync, rmSync, writeFileSync } from 'node:fs'

rmSync('dist', { recursive: true, force: true })
execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'], { stdio: 'inherit' })
cpSync('template', 'dist/template', { recursive: true })
cpSync('config', 'dist/config', { recursive: true })
cpSync('console', 'dist/console', { recursive: true, filter: (path) => !path.endsWith('.ts') })

// Within dist, `#hub/…` is the compiled hub.
const imports = { '#hub/*.ts': { types: './src/*.d.ts', default: './src/*.js' } }
writeFileSync('dist/package.json', `${JSON.stringify({ type: 'module', imports }, undefined, 2)}\n`)
