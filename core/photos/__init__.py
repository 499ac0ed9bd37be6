"""The judgement of photographs: same angle, same place, honest photo."""
