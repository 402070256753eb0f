"""The long proofs: what takes too long for every commit, run by `make prove`, resumable, told in docs/proofs.md."""
