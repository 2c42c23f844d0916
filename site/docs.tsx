/** Starts the API reference. */

import { render } from 'preact'
import { Reference } from './reference/reference.tsx'
import { applyRememberedTheme } from './theme.ts'
import './ui/tokens.css'
import './ui/elements.css'
import './ui/components.css'
import './ui/page-header.css'
import './ui/layout.css'
import './sign-in/sign-in.css'
import './reference/reference.css'
import './ui/print.css'

applyRememberedTheme()
const root = document.getElementById('docs')
if (root) render(<Reference />, root)
