"""The only place that sees everything: settings, routes, who listens to which event, which page
shows which panel, and how a signed-in user becomes an Actor. Holds wiring, no rules."""
