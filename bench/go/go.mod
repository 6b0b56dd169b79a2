module baton.bench/acts

go 1.26
