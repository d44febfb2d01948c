// Loaded before every test file of the course: what it leaves open is found and named, and it calls nobody outside.
import './leaks.ts'
import './loopback.ts'
