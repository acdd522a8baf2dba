/** What the library alone needs for a socket that says hello and is silent then. */
import websocket from '@fastify/websocket'
import Fastify from 'fastify'

const app = Fastify()
await app.register(websocket, { options: { maxPayload: 65_536 } })
const open = new Set<{ thread: string }>()
app.get('/readyz', async () => ({ ok: true }))
app.get('/socket', { websocket: true }, (socket) => {
  const screen = { thread: '' }
  open.add(screen)
  socket.on('message', (data) => {
    screen.thread = JSON.parse(data.toString()).token
    socket.send(JSON.stringify({ t: 'state', control: 'bot', seq: 0 }))
  })
  socket.on('close', () => open.delete(screen))
})
await app.listen({ host: '127.0.0.1', port: Number(process.env.PORT) })
process.once('SIGTERM', () => process.exit(0))
