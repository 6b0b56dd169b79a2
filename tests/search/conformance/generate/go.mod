module baton.tests/generate

go 1.26
