import htmx from "htmx.org";

import "./ages.js";
import "./heavy.js";
import "./live.js";
import "./outbox.js";
import "./page.js";
import "./photos.js";

window.htmx = htmx;
