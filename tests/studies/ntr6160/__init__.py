"""The bundled trial: each dataset on a small export of literal lines."""
