/** Starts the explorer. */

import { render } from 'preact'
import { Explorer } from './explorer.tsx'
import './ui/elements.css'
import './assets/listing.css'
import './asset/panel.css'

const root = document.getElementById('explorer')
if (root) render(<Explorer />, root)
