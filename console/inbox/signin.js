/** Asks for the access token once per tab; in a demo, offers its agents. */
import { fill, h } from './dom.js'
import { call, session } from './session.js'

/** Resolves once somebody is signed in. */
export async function signIn(root, reason) {
  const { demo } = await call('GET', '/welcome', undefined, '').catch(() => ({ demo: [] }))
  return new Promise((resolve) => {
    const problem = h('p', { class: 'problem', role: 'alert' }, reason ?? '')
    const token = h('input', {
      type: 'password',
      id: 'token',
      autocomplete: 'current-password',
      required: true,
      spellcheck: 'false',
    })
    const tryToken = async (fetchToken) => {
      problem.textContent = ''
      try {
        const given = await fetchToken()
        const me = await call('GET', '/me', undefined, given)
        session.token = given
        resolve(me)
      } catch (error) {
        problem.textContent = error.message
        token.focus()
      }
    }
    const form = h(
      'form',
      {
        class: 'signin',
        onsubmit: (event) => {
          event.preventDefault()
          tryToken(async () => token.value.trim())
        },
      },
      h('h1', {}, 'Inbox'),
      h('p', { class: 'intro' }, 'Where people take over from the bot.'),
      demo.length > 0 &&
        h(
          'div',
          { class: 'demo' },
          demo.map((name) =>
            h(
              'button',
              {
                type: 'button',
                class: 'primary',
                onclick: () => tryToken(async () => (await call('POST', '/demo', { name }, '')).token),
              },
              `Sign in as ${name}`,
            ),
          ),
        ),
      h(
        'label',
        { class: 'field' },
        h('span', {}, 'Access token'),
        token,
        h('small', {}, 'It stays in this tab. Ask the person who runs Baton if you have none.'),
      ),
      problem,
      h('button', { type: 'submit', class: demo.length > 0 ? '' : 'primary' }, 'Sign in'),
    )
    fill(root, form)
    if (demo.length === 0) token.focus()
  })
}
