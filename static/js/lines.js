/** Rows of price lines and the choice of their articles: part of office, and beside light on a phone. */
import "./combo.js";
import "./rows.js";
