"""Reading what the software makes of cases: embeddings, training data, suggestions."""
