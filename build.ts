/** Makes `dist/`: the JavaScript that a published package carries, since Node strips no types below node_modules, and what browsers are served. Run by `npm pack`. */
import { execFileSync } from 'node:child_process'
import { cpSync, rmSync, writeFileSync } from 'node:fs'

rmSync('dist', { recursive: true, force: true })
execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'], { stdio: 'inherit' })
cpSync('template', 'dist/template', { recursive: true })
cpSync('config', 'dist/config', { recursive: true })
// What is served as it is, and what was built of the rest.
execFileSync(process.execPath, ['console/build.ts'], { stdio: 'inherit' })
cpSync('console', 'dist/console', { recursive: true, filter: (path) => !/\.tsx?$|^console\/app/.test(path) })

// Within dist, `#hub/…` is the compiled hub.
const imports = { '#hub/*.ts': { types: './src/*.d.ts', default: './src/*.js' } }
writeFileSync('dist/package.json', `${JSON.stringify({ type: 'module', imports }, undefined, 2)}\n`)
