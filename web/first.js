// Stands in the page's head and runs before anything is painted: the theme, so that the page does not flash.

import { remembered } from "./views/theme.js";

document.documentElement.dataset.theme = remembered();
