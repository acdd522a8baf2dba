import { startEmbedded } from '../src/postgres/embedded.ts'
import { openDatabase } from '../src/postgres/database.ts'
const log: any = { info(){}, warn(o:any){console.log('warn',o)}, error(o:any){console.log('error',o)} }
const t0 = performance.now()
try {
const e = await startEmbedded({ dataDir: process.argv[2]!, log, })
console.log('start ms', Math.round(performance.now() - t0), 'adopted', e.adopted, 'as', process.getuid!())
const d = openDatabase(e.url)
if (process.argv[3] === 'die') process.kill(process.pid, 'SIGKILL')
if (process.argv[3] === 'dieboth') { process.kill(e.pid(), 'SIGKILL'); process.kill(process.pid, 'SIGKILL') }
await d.close(); await e.stop()
} catch (e: any) { console.log(e.name, e.code, e.message) }
