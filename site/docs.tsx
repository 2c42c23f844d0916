/** Starts the API reference. */

import { render } from 'preact'
import { Reference } from './reference/reference.tsx'
import { applyRememberedTheme } from './theme.ts'
import './docs.css'

applyRememberedTheme()
const root = document.getElementById('docs')
if (root) render(<Reference />, root)
