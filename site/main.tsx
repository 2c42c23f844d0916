/** Starts the explorer. */

import { render } from 'preact'
import { Explorer } from './explorer.tsx'
import { applyRememberedTheme } from './theme.ts'
import './ui/tokens.css'
import './ui/elements.css'
import './ui/components.css'
import './ui/layout.css'
import './assets/listing.css'
import './asset/asset.css'

applyRememberedTheme()
const root = document.getElementById('explorer')
if (root) render(<Explorer />, root)
