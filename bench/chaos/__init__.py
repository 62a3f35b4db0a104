"""Jobs under attack: processes killed at random, pages that crash and hang, and an audit of what is left."""
