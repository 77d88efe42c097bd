"""The people of an organisation: members, invitations, and what platform staff looked at.

- `wording` what roles and departments are called and which a side has;
- `tokens` makes and finds the token of an invitation;
- `services` what managers do; `joining` what an invited person does;
- `entering` how platform staff come into an organisation's space, look only, and leave it;
- `selectors` what the pages show, `notices` who is told.

Rights are enforced twice: by the services, and by policies that ask in the database whether the
person who writes is an active manager of that organisation (docs/adr/0012).
"""
