"""``python bot/wav.py OGG WAV``: a voice message as the sound that recognisers read.

A process of its own: what reads a stranger's sound keeps neither the bot waiting nor its memory.
"""

import sys
from math import gcd

RATE = 16_000
"""Samples a second; recognisers of speech are taught on these. One channel, 16 bits."""


def write(source: str, target: str) -> None:
    """Raises OSError and soundfile.SoundFileError for what is no sound."""
    import soundfile
    from scipy.signal import resample_poly
    sound, rate = soundfile.read(source, dtype="float32", always_2d=True)
    voice = sound.mean(axis=1)
    common = gcd(rate, RATE)
    soundfile.write(target, resample_poly(voice, RATE // common, rate // common), RATE,
                    format="WAV", subtype="PCM_16")


if __name__ == "__main__":
    write(*sys.argv[1:3])
