"""What a day's work from tutorials would give: a perceptual hash, and ORB with a homography."""

import cv2
import numpy as np
from numpy.typing import NDArray

Grey = NDArray[np.uint8]


def phash_likeness(reference: Grey, new: Grey) -> float:
    """1 minus the share of differing bits of two 64-bit DCT hashes."""
    one, two = _phash(reference), _phash(new)
    return 1 - float((one != two).mean())


def _phash(grey: Grey) -> NDArray[np.bool_]:
    tiny = cv2.resize(grey, (32, 32), interpolation=cv2.INTER_AREA).astype(np.float32)
    low = cv2.dct(tiny)[:8, :8].ravel()
    return np.asarray(low > np.median(low))


def orb_inliers(reference: Grey, new: Grey) -> float:
    """ORB 2000, brute force, ratio 0.75, RANSAC homography at 5 px: share of inliers."""
    finder = cv2.ORB.create(2000)
    points, bits = finder.detectAndCompute(reference, None)
    new_points, new_bits = finder.detectAndCompute(new, None)
    if bits is None or new_bits is None or len(new_bits) < 2:
        return 0.0
    pairs = cv2.BFMatcher(cv2.NORM_HAMMING).knnMatch(bits, new_bits, k=2)
    good = [p[0] for p in pairs if len(p) == 2 and p[0].distance < 0.75 * p[1].distance]
    if len(good) < 4:
        return 0.0
    source = np.array([points[m.queryIdx].pt for m in good], np.float32)
    target = np.array([new_points[m.trainIdx].pt for m in good], np.float32)
    _, mask = cv2.findHomography(source, target, cv2.RANSAC, 5.0)
    return float(np.sum(mask)) / max(1, min(len(points), len(new_points)))
