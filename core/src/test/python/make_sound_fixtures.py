"""Spectrograms as librosa computes them, WAV files as soundfile writes them, for the tests of data.sound and Spectrogram.

Ran with librosa 0.11, soundfile 0.14 (libsndfile 1.2), numpy 2.4. The recordings of spoken digits are read from ../shared/data/fsdd.
"""
import io
import json
import pathlib
import zipfile

import librosa
import numpy as np
import soundfile
from scipy.signal import get_window

out = pathlib.Path(__file__).parent.parent / "resources" / "fixtures" / "sound"
out.mkdir(parents=True, exist_ok=True)
root = pathlib.Path(__file__).resolve().parents[4]
random = np.random.default_rng(9)


def short(x):
    """Nine digits are enough."""
    return [short(v) for v in x] if isinstance(x, list) else float(f"{x:.9g}")


def signal(rate, n):
    t = np.arange(n) / rate
    tones = 0.4 * np.sin(2 * np.pi * 0.03 * rate * t) + 0.3 * np.sin(2 * np.pi * (0.1 * rate + 0.2 * rate * t) * t)
    return (tones + 0.05 * random.standard_normal(n)).astype(np.float32)


def features(y, o):
    """By librosa, in double precision."""
    y = y.astype(np.float64)
    n_fft, power = o["n_fft"], o.get("power", 2.0)
    win = o.get("win_length") or n_fft
    hop = o.get("hop_length") or win // 2
    window = {"hann": "hann", "hamming": "hamming", "rectangular": "boxcar"}[o.get("window", "hann")]
    center = o.get("center", True)
    if center:  # np.pad as librosa's, which refuses sounds that are shorter than a frame for some modes
        y = np.pad(y, n_fft // 2, mode=o.get("pad_mode", "reflect"))
    s = np.abs(librosa.stft(y, n_fft=n_fft, hop_length=hop, win_length=win, center=False,
                            window=get_window(window, win, fftbins=True))) ** power
    kind = o.get("features", "log_mel")
    if kind != "power":
        basis = librosa.filters.mel(
            sr=o["sample_rate"], n_fft=n_fft, n_mels=o["n_mels"], fmin=o.get("f_min", 0.0), fmax=o.get("f_max"),
            htk=o.get("mel_scale", "slaney") == "htk", norm=None if o.get("norm", "slaney") == "none" else "slaney",
            dtype=np.float64)
        s = basis @ s
    if kind in ("log_mel", "mfcc"):
        floor = o.get("floor", 1e-10)
        log = o.get("log", "db")
        if log == "db":
            s = (librosa.power_to_db if power == 2 else librosa.amplitude_to_db)(
                s, ref=1.0, amin=floor, top_db=o.get("top_db"))
        else:
            s = {"ln": np.log, "log10": np.log10}[log](np.maximum(s, floor))
    if kind == "mfcc":
        s = librosa.feature.mfcc(S=s, n_mfcc=o["n_mfcc"], norm="ortho")
    normal = o.get("normalize", "none")
    if normal == "bin":
        s = (s - s.mean(1, keepdims=True)) / s.std(1, keepdims=True)
    if normal == "example":
        s = (s - s.mean()) / s.std()
    return s.T


def resampled(x, orig, new):
    """torchaudio.functional.resample with its defaults, written down with NumPy (not installed here)."""
    g = np.gcd(orig, new)
    orig, new = orig // g, new // g
    base = min(orig, new) * 0.99
    width = int(np.ceil(6 * orig / base))
    idx = np.arange(-width, width + orig) / orig
    t = np.clip((np.arange(0, -new, -1)[:, None] / new + idx[None]) * base, -6, 6)
    kernel = np.sinc(t) * np.cos(t * np.pi / 12) ** 2 * base / orig
    length = int(np.ceil(new * len(x) / orig))
    x = np.pad(x, (width, width + orig))
    starts = range(0, len(x) - kernel.shape[1] + 1, orig)
    return np.stack([kernel @ x[s:s + kernel.shape[1]] for s in starts]).reshape(-1)[:length]


cases = {
    "powers": (8000, 500, dict(features="power", n_fft=64, hop_length=50)),
    "magnitudes of short windows": (8000, 500, dict(
        features="power", power=1.0, n_fft=64, win_length=40, hop_length=60, window="hamming", pad_mode="constant")),
    "a length that is no power of two, not centred": (8000, 400, dict(features="power", n_fft=50, center=False)),
    "an odd length": (8000, 300, dict(features="power", n_fft=45, win_length=33, window="rectangular", hop_length=40)),
    "mel, slaney": (16000, 900, dict(features="mel", n_fft=256, n_mels=20, f_min=50.0, f_max=7000.0)),
    "mel, htk": (16000, 900, dict(features="mel", n_fft=256, n_mels=12, mel_scale="htk", norm="none", f_min=20.0)),
    "decibels": (16000, 900, dict(n_fft=200, n_mels=16, hop_length=80)),
    "decibels of magnitudes with a limit": (16000, 900, dict(n_fft=200, n_mels=16, hop_length=80, power=1.0, top_db=20.0)),
    "a limit": (16000, 900, dict(n_fft=200, n_mels=16, hop_length=80, top_db=15.0, mel_scale="htk")),
    "natural logarithms": (8000, 500, dict(n_fft=128, n_mels=10, log="ln", floor=1e-3)),
    "logarithms to 10": (8000, 500, dict(n_fft=128, n_mels=10, log="log10", norm="none")),
    "mfcc": (8000, 700, dict(features="mfcc", n_fft=128, n_mels=20, n_mfcc=13, top_db=80.0)),
    "scaled by bin": (8000, 700, dict(n_fft=128, n_mels=12, normalize="bin")),
    "scaled as a whole": (8000, 700, dict(n_fft=128, n_mels=12, normalize="example")),
    "a sound shorter than half a frame": (8000, 20, dict(n_fft=128, n_mels=12, hop_length=4)),
    "one sample": (8000, 1, dict(features="power", n_fft=16)),
}
made = {}
for name, (rate, n, options) in cases.items():
    options = dict(options, sample_rate=rate)
    y = signal(rate, n)
    made[name] = {"options": options, "samples": short([float(v) for v in y]), "expected": short(features(y, options).tolist())}

rates = {}
for orig, new, n in [(8000, 16000, 120), (16000, 8000, 200), (44100, 16000, 300), (8000, 11025, 90), (22050, 22049, 60)]:
    x = signal(orig, n).astype(np.float64)
    rates[f"{orig}-{new}"] = {"from": orig, "to": new, "x": short(x.tolist()), "y": short(resampled(x, orig, new).tolist())}
tone = 0.5 * np.sin(2 * np.pi * 440 * np.arange(2000) / 8000)
rates["soxr"] = {"from": 8000, "to": 12000, "x": short(tone.tolist()),
                 "y": short(librosa.resample(tone, orig_sr=8000, target_sr=12000, res_type="soxr_hq").tolist())}

wavs = {}
for name, channels, subtype, format in [
        ("u8", 1, "PCM_U8", "WAV"), ("i16", 1, "PCM_16", "WAV"), ("i24", 1, "PCM_24", "WAV"), ("i32", 1, "PCM_32", "WAV"),
        ("f32", 1, "FLOAT", "WAV"), ("f64", 1, "DOUBLE", "WAV"), ("stereo", 2, "PCM_16", "WAV"), ("extensible", 2, "PCM_24", "WAVEX")]:
    y = random.uniform(-0.9, 0.9, (60, channels))
    file = out / f"{name}.wav"
    soundfile.write(file, y, 8000, subtype=subtype, format=format)
    read, rate = soundfile.read(file, dtype="float64", always_2d=True)
    wavs[name] = {"rate": rate, "samples": read.tolist()}
json.dump({"spectrograms": made, "rates": rates, "wavs": wavs}, open(out / "sound.json", "w"))

digits = {}
options = dict(sample_rate=8000, n_fft=256, win_length=200, hop_length=80, n_mels=40, top_db=80.0)
with zipfile.ZipFile(root.parent / "shared" / "data" / "fsdd" / "fsdd-5speakers.zip") as archive:
    for name in ["0_george_0", "3_jackson_7", "5_lucas_11", "7_nicolas_3", "8_theo_40", "9_theo_9"]:
        y, rate = soundfile.read(io.BytesIO(archive.read(f"recordings/{name}.wav")), dtype="float64")
        f = features(y, options)
        digits[name] = {"frames": len(f), "sum": f.sum(), "squares": (f * f).sum(),
                        "first": short(f[0].tolist()), "middle": short(f[len(f) // 2].tolist()), "last": short(f[-1].tolist())}
json.dump({"options": options, "files": digits}, open(out / "digits.json", "w"))
