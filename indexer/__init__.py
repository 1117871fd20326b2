"""From files to an archive: readers, splitting, and the pipeline that joins them."""
