import time, threading, os, subprocess
import pytest
def show(g, t):
    print(round(time.time()-t,1), {k:str(v) for k,v in g.statuses.items()})
    for k,m in g.messages.items():
        if m: print("     ", k, len(m), m[:150].replace("\n"," / "))
LAYER_OK = '''
import numpy as np
def forward(W, X): return W @ X
def gradient(W, X): return W @ X @ X.T
def numeric(J, theta): return (J(theta + 1e-4) - J(theta - 1e-4)) / 2e-4
'''
FRAMES = LAYER_OK + '''
import os, struct, sys
def pending():
    frame = sys._getframe()
    while frame.f_code.co_name != "_call":
        frame = frame.f_back
    return frame.f_locals["number"]
def say(kind, payload, number):
    data = memoryview(struct.pack("<IQB", len(payload), number, kind) + payload)
    while data:
        data = data[os.write(4, data):]
enc = sys.modules["worker.codec"].encode
emap = sys.modules["worker.codec"].encode_mapping
'''
CASES = {
"deep": [FRAMES+'''
def forward(W, X):
    deep = b"l\\1\\0\\0\\0" * 40 + b"N"
    say(19, emap({"type": enc("E"), "message": enc("m"), "blank": deep, "memory": enc(False)}), pending())
    os._exit(0)
'''],
"long": [FRAMES+'''
def forward(W, X):
    say(19, emap({"type": enc("E"), "message": enc("m"*(2**24-1000)), "blank": enc(False), "memory": enc(False)}), pending())
    while True: pass
'''],
"long2": [FRAMES+'''
def forward(W, X):
    raise ValueError("x")
here = sys.modules["worker.failures"].here
sys.modules["worker.failures"].describe = lambda *a: {"type": "E"*1000000, "message": "\\0" * (2**24-1100000), "blank": False, "memory": False}
'''],
"big": [FRAMES+'''
def forward(W, X):
    return np.zeros((1400, 1400))
'''],
"callbacks": [FRAMES+'''
def numeric(J, theta):
    big = np.zeros(2_000_000)
    while True:
        try: J(big)
        except Exception: pass
'''],
}
def watch(stop, out):
    peak = 0
    while not stop.is_set():
        for p in os.listdir("/proc"):
            if p.isdigit():
                try:
                    c = open(f"/proc/{p}/cmdline").read()
                    if "grader.checks.examiner" in c:
                        st = open(f"/proc/{p}/statm").read().split()
                        pp = int(st[1])*4096
                        if os.getpid() == int(open(f"/proc/{p}/stat").read().rpartition(")")[2].split()[1]): peak = max(peak, pp)
                except OSError: pass
        time.sleep(.1)
    out.append(peak)
@pytest.mark.parametrize("case", CASES)
def test_time(grade, nothing_survives, case):
    grade()
    for src in CASES[case]:
        stop=threading.Event(); out=[]; th=threading.Thread(target=watch,args=(stop,out)); th.start()
        t=time.time(); 
        try: g = grade({"layer.py": src}, only=("layer","other","drawn")); show(g,t)
        finally: stop.set(); th.join(); print("took", time.time()-t, "peak MiB", out[0]/2**20)
