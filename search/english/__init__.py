"""What is known of English, once: its lexicon as data files, and what reads them."""
